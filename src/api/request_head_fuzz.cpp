// Any bytes as query, cookies, traceparent and forwarding headers, in that order, a line each: what
// is accepted keeps its bounds, and forwarding is believed from proxies only.
#include <rubricon/api/cookies.hpp>
#include <rubricon/api/query_reader.hpp>
#include <rubricon/base/assert.hpp>
#include <rubricon/net/proxy_trust.hpp>
#include <rubricon/observability/trace_context.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace rubricon;

std::string_view next_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

void check_query(const net::HttpHead& head) {
  api::QueryReader query(head, {"q", "limit"});
  const auto words = query.text("q", 200);
  RUBRICON_ASSERT(!words || words->size() <= 200);
  const auto limit = query.integer("limit", 1, 100);
  RUBRICON_ASSERT(!limit || (*limit >= 1 && *limit <= 100));
  const auto finished = query.finish();
  RUBRICON_ASSERT(finished || !finished.error().fields.empty());
}

void check_trace(std::string_view text) {
  const auto trace = observability::TraceContext::parse(text);
  if (!trace) return;
  const auto again = observability::TraceContext::parse(trace->to_string());
  RUBRICON_ASSERT(again && *again == *trace);
}

void check_forwarding(const net::HttpHead& head) {
  namespace ip = boost::asio::ip;
  static const net::ProxyTrust proxies({"10.0.0.0/8", "fd00::/8"});
  const auto stranger = ip::make_address("192.0.2.1");
  RUBRICON_ASSERT(proxies.client(stranger, head.headers).address == "192.0.2.1");
  RUBRICON_ASSERT(!proxies.client(stranger, head.headers).secure);
  const auto behind = proxies.client(ip::make_address("10.0.0.1"), head.headers).address;
  boost::system::error_code error;
  ip::make_address(behind, error);
  RUBRICON_ASSERT(!error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  net::HttpHead head;
  head.query = std::string(next_line(rest));
  head.headers.add("Cookie", std::string(next_line(rest)));
  const auto trace = next_line(rest);
  head.headers.add("X-Forwarded-For", std::string(next_line(rest)));
  head.headers.add("X-Forwarded-Proto", std::string(next_line(rest)));
  check_query(head);
  const auto token = api::refresh_cookie(head);
  RUBRICON_ASSERT(!token || token->size() == 43);
  check_trace(trace);
  check_forwarding(head);
  return 0;
}
