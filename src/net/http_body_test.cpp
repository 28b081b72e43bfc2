#include <rubricon/net/http_body.hpp>

#include <gtest/gtest.h>

#include <string>

namespace rubricon::net {
namespace {

struct Outcome {
  std::string body;
  std::string rest;
  BodyDecoder::Status status = BodyDecoder::Status::need_more;
  bool operator==(const Outcome&) const = default;
};

Outcome decode(BodyDecoder decoder, const std::string& bytes, std::size_t piece) {
  using Status = BodyDecoder::Status;
  Outcome outcome;
  for (std::size_t i = 0; i < bytes.size(); i += piece) {
    std::string_view feed = std::string_view(bytes).substr(i, piece);
    auto output = decoder.next(feed);
    for (; output.status == Status::data; output = decoder.next(feed)) outcome.body += output.data;
    outcome.status = output.status;
    outcome.rest += feed;
    if (outcome.status == Status::failed) break;
  }
  return outcome;
}

void expect_chunked(const std::string& bytes, const Outcome& expected) {
  for (const std::size_t piece : {1000, 1, 2, 3, 5}) {
    EXPECT_EQ(decode(BodyDecoder(BodyFraming::chunked, 0), bytes, piece), expected)
        << bytes << " in pieces of " << piece;
  }
}

constexpr auto done = BodyDecoder::Status::done;
constexpr auto need_more = BodyDecoder::Status::need_more;

TEST(BodyDecoderTest, a_request_without_body_is_done_at_once) {
  BodyDecoder decoder(BodyFraming::none, 0);
  EXPECT_TRUE(decoder.done());
  EXPECT_TRUE(BodyDecoder(BodyFraming::length, 0).done());
  EXPECT_EQ(decode(decoder, "GET", 3), (Outcome{"", "GET", done}));
}

TEST(BodyDecoderTest, takes_as_many_bytes_as_the_length_says) {
  for (const std::size_t piece : {1, 3, 100}) {
    EXPECT_EQ(decode(BodyDecoder(BodyFraming::length, 5), "helloGET", piece),
              (Outcome{"hello", "GET", done}));
  }
  EXPECT_EQ(decode(BodyDecoder(BodyFraming::length, 5), "hell", 100),
            (Outcome{"hell", "", need_more}));
}

TEST(BodyDecoderTest, joins_chunks_and_drops_extensions_and_trailers) {
  expect_chunked("5\r\nhello\r\n0\r\n\r\nGET", {"hello", "GET", done});
  expect_chunked("5;a=\"b\"\r\nhello\r\n00b;x\r\n, rubricon.\r\n0\r\nA: b\r\nC: d\r\n\r\n",
                 {"hello, rubricon.", "", done});
  expect_chunked("0\r\n\r\n", {"", "", done});
  expect_chunked("A\r\n0123456789\r\n0\r\n", {"0123456789", "", need_more});
}

TEST(BodyDecoderTest, refuses_chunks_that_others_might_read_differently) {
  for (const char* bad :
       {"\r\n", " 5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r\n0\r\n\n", "-5\r\nhello",
        "+5\r\nhello", "0x5\r\nhello", "g\r\n", "5\r\rhello", ";a\r\n", "1234567890abcdef0\r\n",
        "0\r\n A: folded\r\n\r\n", "0\r\nA: b\nC: d\r\n\r\n", "0\r\n\r\r\n", "5;a\nb\r\nhello"}) {
    const auto outcome = decode(BodyDecoder(BodyFraming::chunked, 0), bad, 1000);
    EXPECT_EQ(outcome.status, BodyDecoder::Status::failed) << bad;
  }
}

TEST(BodyDecoderTest, bounds_extensions_and_trailers) {
  const std::string long_text(5000, 'x');
  for (const auto& bad : {"5;" + long_text + "\r\nhello\r\n0\r\n\r\n",
                          "5\r\nhello\r\n0\r\nA: " + long_text + "\r\n\r\n"}) {
    EXPECT_EQ(decode(BodyDecoder(BodyFraming::chunked, 0), bad, 1000).status,
              BodyDecoder::Status::failed);
  }
}

}  // namespace
}  // namespace rubricon::net
