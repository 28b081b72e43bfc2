#include <rubricon/net/http_writer.hpp>

#include <gtest/gtest.h>

namespace rubricon::net {
namespace {

TEST(HttpWriterTest, writes_dates_as_http_wants_them) {
  EXPECT_EQ(format_http_date(base::time_from_unix_ms(784111777999)),
            "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(format_http_date(base::time_from_unix_ms(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(format_http_date(base::time_from_unix_ms(4102444799000)),
            "Thu, 31 Dec 2099 23:59:59 GMT");
}

TEST(HttpWriterTest, writes_a_head_with_what_the_framing_needs) {
  const HttpResponse response{.status = 201, .headers = {{"X", "y"}}, .body = "abc"};
  EXPECT_EQ(write_response_head(response, {.date = "today"}),
            "HTTP/1.1 201 Created\r\nX: y\r\nDate: today\r\nContent-Length: 3\r\n\r\n");
  EXPECT_EQ(write_response_head(response, {.keep_alive = false}),
            "HTTP/1.1 201 Created\r\nX: y\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(write_response_head(response, {.version_minor = 0}),
            "HTTP/1.1 201 Created\r\nX: y\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\n");
}

TEST(HttpWriterTest, a_body_follows_unless_the_method_or_the_status_forbids_it) {
  EXPECT_TRUE(sends_body({.status = 200}, {}));
  EXPECT_FALSE(sends_body({.status = 200}, {.head_only = true}));
  EXPECT_FALSE(sends_body({.status = 204}, {}));
  EXPECT_FALSE(sends_body({.status = 304}, {}));
  EXPECT_FALSE(write_response_head({.status = 304}, {}).contains("Content-Length"));
}

TEST(HttpWriterTest, adds_what_every_answer_carries_unless_it_has_its_own) {
  const HttpHeaders common = {{"A", "all"}, {"B", "all"}};
  EXPECT_EQ(write_response_head({.status = 204, .headers = {{"b", "own"}}}, {.common = &common}),
            "HTTP/1.1 204 No Content\r\nb: own\r\nA: all\r\n\r\n");
  EXPECT_TRUE(
      write_upgrade_head("k", {{"B", "own"}}, common).ends_with("B: own\r\nA: all\r\n\r\n"));
}

TEST(HttpWriterTest, leaves_fields_away_that_could_break_the_framing) {
  HttpResponse response;
  response.headers = {{"A", "1\n2"}, {"B", std::string("1\0", 2)}, {"C D", "1"}, {"", "1"},
                      {"date", "x"}, {"connection", "upgrade"},    {"E", "ok"}};
  EXPECT_EQ(write_response_head(response, {}),
            "HTTP/1.1 200 OK\r\nE: ok\r\nContent-Length: 0\r\n\r\n");
  EXPECT_FALSE(write_upgrade_head("key", response.headers)
                   .contains("1"
                             "\n"
                             "2"));
}

TEST(HttpWriterTest, writes_the_head_of_an_upgrade) {
  EXPECT_EQ(write_upgrade_head("abc=", {{"Vary", "Origin"}}),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: abc=\r\nVary: Origin\r\n\r\n");
}

}  // namespace
}  // namespace rubricon::net
