#include <rubricon/app/admin_api.hpp>

#include <openssl/crypto.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace rubricon::app {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::size_t body_bytes_max = 4'096;
constexpr auto call_timeout = 10s;

struct ReplayRange {
  domain::StreamId stream;
  domain::Seq after;
  domain::Seq until;
};

std::optional<ReplayRange> parse_range(const std::string& body) {
  boost::system::error_code failed;
  const auto value = json::parse(body, failed);
  const auto* object = failed ? nullptr : value.if_object();
  const auto* stream = object ? object->if_contains("stream") : nullptr;
  const auto* after = object ? object->if_contains("after") : nullptr;
  const auto* until = object ? object->if_contains("until") : nullptr;
  if (!stream || !after || !until) return std::nullopt;
  if (!stream->is_string() || !after->is_int64() || !until->is_int64()) return std::nullopt;
  const auto id = domain::StreamId::parse(std::string_view(stream->get_string()));
  if (!id || after->get_int64() < 0) return std::nullopt;
  return ReplayRange{*id, domain::Seq(after->get_int64()), domain::Seq(until->get_int64())};
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string admin_bearer(const crypto::Secret& secret) {
  constexpr char digits[] = "0123456789abcdef";
  std::string bearer;
  for (const auto byte : crypto::derive_secret(secret, "the listener for operators")) {
    bearer += digits[byte >> 4];
    bearer += digits[byte & 15];
  }
  return bearer;
}

AdminApi::AdminApi(std::string bearer, ports::EventStore& events, ports::EventBus& bus,
                   const ports::Clock& clock, observability::Log& log)
    : bearer_(std::move(bearer)), events_(events), bus_(bus), clock_(clock), log_(log) {}

base::Task<net::HttpResponse> AdminApi::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& head = exchange->head();
  if (!same(head.header("Authorization").value_or(""), "Bearer " + bearer_)) {
    co_return net::problem_response(401, "unauthenticated");
  }
  if (head.path != "/admin/events/replay") co_return net::problem_response(404, "not_found");
  if (head.method != "POST") co_return net::problem_response(405, "method_not_allowed");
  auto body = co_await exchange->read_body(body_bytes_max);
  if (!body) co_return net::problem_response(400, "malformed_body");
  co_return co_await replay(std::move(*body));
}

base::Task<net::HttpResponse> AdminApi::replay(std::string body) {
  const auto range = parse_range(body);
  if (!range) co_return net::problem_response(400, "invalid");
  const auto deadline = base::Deadline::after(clock_.monotonic(), call_timeout);
  const ports::EventQuery query{.stream = range->stream, .after = range->after};
  const auto page = co_await events_.read(query, deadline);
  std::vector<std::shared_ptr<const domain::Event>> batch;
  for (const auto& event : page.events) {
    if (event.seq <= range->until) batch.push_back(std::make_shared<const domain::Event>(event));
  }
  json::object answer;
  answer["published"] = batch.size();
  answer["last"] = batch.empty() ? range->after.value() : batch.back()->seq.value();
  if (!batch.empty()) {
    log_.info("app.events_replayed", {{"stream", range->stream.to_string()},
                                      {"first", batch.front()->seq.value()},
                                      {"last", batch.back()->seq.value()}});
    co_await bus_.publish(std::move(batch), deadline);
  }
  net::HttpResponse response;
  response.headers.add("Content-Type", "application/json");
  response.body = json::serialize(answer);
  co_return response;
}

}  // namespace rubricon::app
