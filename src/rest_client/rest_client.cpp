#include <rubricon/rest_client/rest_client.hpp>

#include <rubricon/rest_client/look_up.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>

#include <utility>

namespace rubricon::rest_client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::uint64_t answer_bytes_max = 1 << 20;

http::request<http::string_body> to_http(const Target& target, const RestRequest& request) {
  http::request<http::string_body> out;
  out.version(11);
  out.method_string(request.method);
  out.target(request.path);
  out.set(http::field::host, target.authority);
  out.set(http::field::user_agent, "rubricon");
  out.set(http::field::connection, "close");
  if (!request.authorization.empty()) {
    out.set(http::field::authorization, request.authorization);
  }
  if (!request.traceparent.empty()) out.set("traceparent", request.traceparent);
  if (!request.body.empty()) {
    out.set(http::field::content_type, "application/json");
    out.body() = request.body;
  }
  out.prepare_payload();
  return out;
}

}  // namespace

base::Task<RestReply> ask(Target target, RestRequest request, base::Milliseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  beast::tcp_stream stream(executor);
  stream.expires_after(time);
  const auto places = co_await look_up(target, time);
  co_await stream.async_connect(places, asio::use_awaitable);
  const auto sent = to_http(target, request);
  co_await http::async_write(stream, sent, asio::use_awaitable);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(answer_bytes_max);
  co_await http::async_read(stream, buffer, parser, asio::use_awaitable);
  const auto answer = parser.release();
  RestReply reply{.status = answer.result_int(), .body = {}};
  boost::system::error_code no_json;
  if (!answer.body().empty()) reply.body = boost::json::parse(answer.body(), no_json);
  co_return reply;
}

std::string reason_of(const std::exception& error) {
  const auto* system = dynamic_cast<const boost::system::system_error*>(&error);
  if (system == nullptr) return error.what();
  if (system->code() == boost::beast::error::timeout) return "no answer in time";
  return system->code().message();
}

}  // namespace rubricon::rest_client
