// tests: http_connection.cpp
// tests: server_context.cpp
#include <rubricon/base/fault.hpp>
#include <rubricon/net/http_server.hpp>

#include <boost/json/parse.hpp>

#include <stdexcept>
#include <tuple>

#include "loopback_test.hpp"

namespace rubricon::net {
namespace {

using namespace testing;
using Exchange = std::shared_ptr<HttpExchange>;

base::Task<HttpResponse> fail(Exchange exchange) {
  if (exchange->head().path == "/away") throw base::Unavailable("the database is gone");
  throw std::logic_error("a bug");
  co_return HttpResponse{};
}

base::Task<HttpResponse> find_nothing(Exchange exchange) {
  (void)exchange;
  co_return problem_response(404, "not_found");
}

class HttpRefusalTest : public LoopbackTest {};

TEST_F(HttpRefusalTest, refusals_of_every_kind_have_one_form_and_a_trace_that_the_log_knows) {
  HttpServerOptions options;
  options.limits.head_timeout = 50ms;
  serve(options);
  handler.on_request = fail;
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n";
  const std::string upgrade = get + "Connection: Upgrade\r\nUpgrade: websocket\r\n";
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  for (const auto& [request, status, code] :
       std::vector<std::tuple<std::string, unsigned, std::string>>{
           {"GET / HTTP/1.1\r\n\r\n", 400, "malformed_host"},
           {get + "X-A : b\r\n\r\n", 400, "malformed_header"},
           {get + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400,
            "malformed_transfer_encoding"},
           {get + "X: " + std::string(17000, 'x') + "\r\n\r\n", 431, "head_too_large"},
           {"GET / HTT", 408, "request_timeout"},
           {upgrade + key + "Sec-WebSocket-Version: 8\r\n\r\n", 426,
            "unsupported_websocket_version"},
           {upgrade + "Sec-WebSocket-Version: 13\r\n\r\n", 400, "malformed_websocket_handshake"},
           {"GET /away HTTP/1.1\r\nHost: x\r\n\r\n", 503, "unavailable"},
           {get + "\r\n", 500, "internal"}}) {
    log_lines.clear();
    auto client = connect();
    const auto answer = client.send(request).answer();
    EXPECT_EQ(answer.status, status) << code;
    const auto problem = boost::json::parse(answer.body).as_object();
    EXPECT_EQ(problem.at("type"), "about:blank") << code;
    EXPECT_EQ(problem.at("title").as_string(), reason_phrase(status));
    EXPECT_EQ(problem.at("status"), status);
    EXPECT_EQ(problem.at("code").as_string(), std::string_view(code));
    EXPECT_FALSE(problem.at("detail").as_string().empty()) << code;
    const std::string trace(problem.at("traceId").as_string());
    EXPECT_EQ(trace.size(), 32u);
    EXPECT_EQ(trace.find_first_not_of("0123456789abcdef"), trace.npos);
    if (status == 503 || status == 500) {
      ASSERT_EQ(log_lines.size(), 1u) << code;
      EXPECT_TRUE(log_lines[0].contains(trace)) << log_lines[0];
    }
  }
}

TEST_F(HttpRefusalTest, a_refusal_is_logged_with_its_trace_and_without_its_path) {
  serve();
  handler.on_request = find_nothing;
  const auto answer =
      ask("GET /secret?token=abc HTTP/1.1\r\nHost: x\r\n"
          "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n");
  EXPECT_EQ(boost::json::parse(answer.body).at("traceId"), "4bf92f3577b34da6a3ce929d0e0e4736");
  ASSERT_EQ(log_lines.size(), 1u);
  EXPECT_TRUE(log_lines[0].contains("net.request_refused"));
  EXPECT_TRUE(log_lines[0].contains("4bf92f3577b34da6a3ce929d0e0e4736"));
  EXPECT_FALSE(log_lines[0].contains("secret"));
  EXPECT_FALSE(log_lines[0].contains("abc"));
}

}  // namespace
}  // namespace rubricon::net
