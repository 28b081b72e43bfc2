#include <rubricon/app/running_server.hpp>

#include <rubricon/app/admin_api.hpp>
#include <rubricon/app/key_shelf.hpp>
#include <rubricon/crypto/key_store.hpp>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace rubricon::app {
namespace {

using namespace std::chrono_literals;

constexpr auto request_timeout = 15s;

}  // namespace

RunningServer::RunningServer(const Config& config)
    : where_("http://" + config.admin_listen.to_string()),
      seal_(crypto::KeyStore(key_shelf(config), clock_).refresh_secret()) {}

std::optional<boost::json::object> RunningServer::ask(std::string path,
                                                      const boost::json::object& body) {
  rest_client::RestRequest request{.method = "POST",
                                   .path = std::move(path),
                                   .authorization = {},
                                   .traceparent = {},
                                   .body = boost::json::serialize(body)};
  request.authorization = seal_.seal({request.method, request.path, request.body}, clock_.now());
  auto reply = send(std::move(request));
  auto* answer = reply.body.if_object();
  if (reply.status == 200 && answer != nullptr) return std::move(*answer);
  const auto* code = answer != nullptr ? answer->if_contains("code") : nullptr;
  if (reply.status == 404 && code != nullptr &&
      *code == boost::json::value(AdminApi::unknown_address)) {
    return std::nullopt;
  }
  if (reply.status == 404) {
    throw std::runtime_error(
        fmt::format("the server at {} does not know this: it is older than this program", where_));
  }
  throw std::runtime_error(fmt::format(
      "the server at {} answered {}{}", where_, reply.status,
      reply.status == 401
          ? "; does it run on this data folder, or on the database of RUBRICON_DATABASE_URL?"
          : ""));
}

rest_client::RestReply RunningServer::send(rest_client::RestRequest request) {
  boost::asio::io_context io(1);
  auto target = rest_client::Target::parse(where_).value();
  auto reply = boost::asio::co_spawn(
      io, rest_client::ask(std::move(target), std::move(request), request_timeout),
      boost::asio::use_future);
  io.run();
  try {
    return reply.get();
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("no server answers at {} ({}): start it with rubricon serve, or say with "
                    "--admin-listen where it listens",
                    where_, rest_client::reason_of(error)));
  }
}

}  // namespace rubricon::app
