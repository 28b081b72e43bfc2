#include <rubricon/net/http_parser.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::net {
namespace {

/// Finds and parses a head in which `|` stands for CRLF.
std::expected<ParsedHead, HttpRefusal> parse(std::string text, HttpParserLimits limits = {}) {
  std::string bytes;
  for (const char c : text) {
    if (c == '|') {
      bytes += "\r\n";
    } else {
      bytes += c;
    }
  }
  std::size_t scanned = 0;
  const auto size = find_head_end(bytes, scanned, limits);
  if (!size) return std::unexpected(size.error());
  if (*size == 0) return std::unexpected(HttpRefusal{0, "incomplete"});
  return parse_head(std::string_view(bytes).substr(0, *size), limits);
}

void expect_refused(const std::string& text, unsigned status = 400, HttpParserLimits limits = {}) {
  const auto parsed = parse(text, limits);
  ASSERT_FALSE(parsed) << text;
  EXPECT_EQ(parsed.error().status, status) << text << ' ' << parsed.error().code;
}

TEST(HttpParserTest, reads_a_request_into_its_parts) {
  const auto parsed = parse(
      "POST /api/chat%20room/%E8%A9%95?a=1&b=%32 HTTP/1.1|Host: example.org:3000|"
      "content-TYPE:  application/json \t|X-Empty:|Content-Length: 12||");
  ASSERT_TRUE(parsed);
  const auto& head = parsed->head;
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/api/chat%20room/%E8%A9%95?a=1&b=%32");
  EXPECT_EQ(head.path, "/api/chat room/評");
  EXPECT_EQ(head.query, "a=1&b=%32");
  EXPECT_EQ(head.header("Content-Type"), "application/json");
  EXPECT_EQ(head.header("x-empty"), "");
  EXPECT_EQ(head.version_minor, 1);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_EQ(parsed->framing, BodyFraming::length);
  EXPECT_EQ(parsed->content_length, 12u);
}

TEST(HttpParserTest, knows_when_a_connection_is_kept) {
  EXPECT_TRUE(parse("GET / HTTP/1.1|Host: a||")->head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.1|Host: a|Connection: foo, Close||")->head.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0||")->head.keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0|Connection: Keep-Alive||")->head.keep_alive);
}

TEST(HttpParserTest, takes_absolute_and_asterisk_targets) {
  const auto absolute = parse("GET http://example.org/a?b=c HTTP/1.1|Host: example.org||");
  ASSERT_TRUE(absolute);
  EXPECT_EQ(absolute->head.path, "/a");
  EXPECT_EQ(absolute->head.query, "b=c");
  EXPECT_EQ(parse("GET http://example.org HTTP/1.1|Host: a||")->head.path, "/");
  EXPECT_EQ(parse("GET http://example.org?x HTTP/1.1|Host: a||")->head.query, "x");
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1|Host: a||")->head.path, "*");
  expect_refused("GET * HTTP/1.1|Host: a||");
  expect_refused("CONNECT example.org:443 HTTP/1.1|Host: a||");
  expect_refused("GET example.org/ HTTP/1.1|Host: a||");
}

TEST(HttpParserTest, refuses_malformed_request_lines) {
  for (const char* line :
       {"GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET / HTTP/1.1 ", "GET /", "GET", "G@T / HTTP/1.1",
        "GET / http/1.1", "GET / HTTP/1", "GET / HTTP/1.1.1", "GET /a b HTTP/1.1",
        "GET\t/ HTTP/1.1", "GET /\x01 HTTP/1.1", "GET /\xC3\xA9 HTTP/1.1", "GET /#f HTTP/1.1",
        "GET ? HTTP/1.1", "GET / HTTQ/1.1", "GET / HTTP/x.1"}) {
    expect_refused(std::string(line) + "|Host: a||");
  }
  expect_refused("GET / HTTP/2.0|Host: a||", 505);
  expect_refused("GET / HTTP/1.2|Host: a||", 505);
  expect_refused("PRI * HTTP/2.0||SM||", 505);
}

TEST(HttpParserTest, refuses_paths_that_could_mean_something_else_to_others) {
  for (const char* path :
       {"/..", "/a/../b", "/a/..", "/.", "/%2e%2e/etc", "/a/%2E/b", "/a%2Fb", "/a%5Cb", "/a\\b",
        "/a%00b", "/a%0d%0aX", "/%7F", "/%", "/%4", "/%zz", "/%C3%28", "/%FF"}) {
    expect_refused("GET " + std::string(path) + " HTTP/1.1|Host: a||");
  }
  for (const char* path : {"/...", "/a..b", "/.well-known/x", "//", "/a//b", "/%252e%252e"}) {
    EXPECT_TRUE(parse("GET " + std::string(path) + " HTTP/1.1|Host: a||")) << path;
  }
}

TEST(HttpParserTest, refuses_malformed_fields) {
  for (const char* field : {"Bad Name: x", "Name : x", ": x", "Name", " Folded: x", "\tFolded: x",
                            "N\xC3\xA9: x", "Name: a\x01z", "Name: a\x7Fz", "Na(me: x"}) {
    expect_refused("GET / HTTP/1.1|Host: a|" + std::string(field) + "||");
  }
  expect_refused("GET / HTTP/1.1|Host: a|X: 1| folded||");
  expect_refused("GET / HTTP/1.1| Host: a||");
  std::string with_nul = "GET / HTTP/1.1|Host: a|X: a";
  with_nul += '\0';
  expect_refused(with_nul + "b||");
  EXPECT_TRUE(parse("GET / HTTP/1.1|Host: a|X: caf\xC3\xA9\t!||"));
}

TEST(HttpParserTest, refuses_line_ends_that_are_not_crlf) {
  expect_refused("GET / HTTP/1.1\nHost: a\n\n");
  expect_refused("GET / HTTP/1.1|Host: a\n\n");
  expect_refused("GET / HTTP/1.1|Host: a\nX: 1||");
  expect_refused("GET / HTTP/1.1|Host: a\rX: 1||");
  expect_refused("GET / HTTP/1.1\r|Host: a||");
  expect_refused("\n");
}

TEST(HttpParserTest, wants_exactly_one_host) {
  expect_refused("GET / HTTP/1.1||");
  expect_refused("GET / HTTP/1.1|Host: a|Host: a||");
  expect_refused("GET / HTTP/1.1|Host: a b||");
  expect_refused("GET / HTTP/1.1|Host: a/b||");
  expect_refused("GET / HTTP/1.1|Host: user@a||");
  EXPECT_TRUE(parse("GET / HTTP/1.1|Host: [::1]:3000||"));
  EXPECT_TRUE(parse("GET / HTTP/1.0||"));
}

TEST(HttpParserTest, refuses_framing_that_two_recipients_could_read_differently) {
  const std::string post = "POST / HTTP/1.1|Host: a|";
  for (const char* fields : {"Content-Length: 1|Content-Length: 1",
                             "Content-Length: 1|Content-Length: 2",
                             "Content-Length: 1, 1",
                             "Content-Length: +1",
                             "Content-Length: -1",
                             "Content-Length: 0x1",
                             "Content-Length: 1 2",
                             "Content-Length:",
                             "Content-Length: 99999999999999999999",
                             "Content-Length: 1|Transfer-Encoding: chunked",
                             "Transfer-Encoding: chunked|Content-Length: 0",
                             "Transfer-Encoding: chunked, chunked",
                             "Transfer-Encoding: chunked|Transfer-Encoding: chunked",
                             "Transfer-Encoding: gzip, chunked",
                             "Transfer-Encoding: identity",
                             "Transfer-Encoding:",
                             "Transfer-Encoding: xchunked",
                             "Transfer-Encoding: \x0b"
                             "chunked",
                             "Transfer-Encoding : chunked",
                             "Transfer-Encoding\t: chunked",
                             "Transfer_Encoding\x01: x"}) {
    expect_refused(post + fields + "||");
  }
  expect_refused("POST / HTTP/1.0|Transfer-Encoding: chunked||");
  EXPECT_EQ(parse(post + "Transfer-Encoding: Chunked||")->framing, BodyFraming::chunked);
  EXPECT_EQ(parse(post + "Content-Length: 007||")->content_length, 7u);
  EXPECT_EQ(parse(post + "|")->framing, BodyFraming::none);
}

TEST(HttpParserTest, understands_expect_continue_and_nothing_else) {
  const std::string post = "POST / HTTP/1.1|Host: a|Content-Length: 3|";
  EXPECT_TRUE(parse(post + "Expect: 100-Continue||")->expects_continue);
  EXPECT_FALSE(parse("GET / HTTP/1.1|Host: a|Expect: 100-continue||")->expects_continue);
  expect_refused(post + "Expect: tea||", 417);
}

TEST(HttpParserTest, holds_its_limits) {
  const HttpParserLimits limits{.head_bytes = 200, .target_bytes = 20, .header_count = 3};
  EXPECT_TRUE(parse("GET /3456789012345678901 HTTP/1.1|Host: a||", limits) ||
              parse("GET /345678901234567890 HTTP/1.1|Host: a||", limits));
  expect_refused("GET /34567890123456789012 HTTP/1.1|Host: a||", 414, limits);
  EXPECT_TRUE(parse("GET / HTTP/1.1|Host: a|A: 1|B: 2||", limits));
  expect_refused("GET / HTTP/1.1|Host: a|A: 1|B: 2|C: 3||", 431, limits);
  expect_refused("GET / HTTP/1.1|Host: a|A: " + std::string(200, 'x') + "||", 431, limits);
  expect_refused("GET / HTTP/1.1|Host: a|A: " + std::string(200, 'x'), 431, limits);
}

TEST(HttpParserTest, finds_the_end_of_a_head_that_comes_byte_by_byte) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nrest";
  std::size_t scanned = 0;
  for (std::size_t i = 0; i < bytes.size() - 4; ++i) {
    EXPECT_EQ(find_head_end(std::string_view(bytes).substr(0, i), scanned, {}), 0u);
  }
  EXPECT_EQ(find_head_end(bytes, scanned, {}), bytes.size() - 4);
}

TEST(HttpParserTest, refuses_what_is_no_http_at_its_first_byte) {
  std::size_t scanned = 0;
  EXPECT_FALSE(find_head_end("\x16\x03\x01", scanned, {}));  // a TLS handshake
  EXPECT_FALSE(find_head_end(" GET", scanned, {}));
}

}  // namespace
}  // namespace rubricon::net
