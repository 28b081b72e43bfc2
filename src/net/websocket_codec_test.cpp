#include <rubricon/net/websocket_codec.hpp>

#include "client_frames_test.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <string>
#include <vector>

namespace rubricon::net {
namespace {

using namespace testing;
using Kind = WebSocketInput::Kind;

const char* name_of(Kind kind) {
  constexpr const char* names[] = {"more", "text", "binary", "ping", "pong", "close", "failed"};
  return names[static_cast<int>(kind)];
}

/// Feeds `bytes` in pieces and writes what the decoder says, such as "text:hello close:1000".
std::string decode(std::string bytes, std::size_t piece = 1'000'000, WebSocketLimits limits = {}) {
  WebSocketDecoder decoder(limits);
  std::string story;
  for (std::size_t i = 0; i < bytes.size(); i += piece) {
    std::span<char> rest(bytes.data() + i, std::min(piece, bytes.size() - i));
    for (auto input = decoder.next(rest); input.kind != Kind::need_more;
         input = decoder.next(rest)) {
      if (!story.empty()) story += ' ';
      story += name_of(input.kind);
      if (input.code != 0) story += ':' + std::to_string(input.code);
      if (!input.payload.empty()) story += ':' + std::string(input.payload);
    }
    EXPECT_TRUE(rest.empty());
  }
  return story;
}

/// The same whatever the pieces in which the bytes come.
void expect_decoded(const std::string& bytes, const std::string& story,
                    WebSocketLimits limits = {}) {
  for (const std::size_t piece : {1'000'000, 1, 2, 3, 7, 64}) {
    EXPECT_EQ(decode(bytes, piece, limits), story) << "in pieces of " << piece;
  }
}

TEST(WebSocketDecoderTest, reads_messages_of_every_length_form) {
  for (const std::size_t size : {0, 1, 7, 8, 9, 125, 126, 127, 128, 65535, 65536, 70000}) {
    const std::string payload(size, 'x');
    const auto tail = size == 0 ? "" : ":" + payload;
    EXPECT_EQ(decode(client_frame(final_frame | opcode::text, payload)), "text" + tail);
    EXPECT_EQ(decode(client_frame(final_frame | opcode::binary, payload), 1000), "binary" + tail);
  }
}

TEST(WebSocketDecoderTest, reads_several_messages_of_one_feed_in_order) {
  expect_decoded(client_frame(final_frame | opcode::text, "one") +
                     client_frame(final_frame | opcode::ping, "?") +
                     client_frame(final_frame | opcode::binary, "two") +
                     client_frame(final_frame | opcode::pong, ""),
                 "text:one ping:? binary:two pong");
}

TEST(WebSocketDecoderTest, joins_fragments_and_lets_control_frames_come_between) {
  expect_decoded(client_frame(opcode::text, "Hal") + client_frame(final_frame | opcode::ping, "p") +
                     client_frame(0, "lo ") + client_frame(0, "") +
                     client_frame(final_frame | opcode::pong, "q") +
                     client_frame(final_frame, "du") +
                     client_frame(final_frame | opcode::binary, "x"),
                 "ping:p pong:q text:Hallo du binary:x");
}

TEST(WebSocketDecoderTest, joins_a_message_whose_first_fragment_is_empty) {
  expect_decoded(client_frame(opcode::text, "") + client_frame(final_frame, "all"), "text:all");
}

TEST(WebSocketDecoderTest, refuses_broken_fragmentation_with_1002) {
  expect_decoded(client_frame(final_frame, "nothing to continue"), "failed:1002");
  expect_decoded(client_frame(0, "nothing to continue"), "failed:1002");
  expect_decoded(client_frame(opcode::text, "a") + client_frame(final_frame | opcode::text, "b"),
                 "failed:1002");
  expect_decoded(client_frame(opcode::text, "a") + client_frame(opcode::binary, "b"),
                 "failed:1002");
}

TEST(WebSocketDecoderTest, refuses_reserved_bits_and_opcodes_with_1002) {
  for (const int bit : {0x40, 0x20, 0x10}) {
    expect_decoded(client_frame(static_cast<std::uint8_t>(final_frame | opcode::text | bit), "x"),
                   "failed:1002");
  }
  for (const int code : {3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF}) {
    expect_decoded(client_frame(static_cast<std::uint8_t>(final_frame | code), "x"), "failed:1002");
  }
}

TEST(WebSocketDecoderTest, refuses_frames_without_mask_with_1002) {
  expect_decoded(std::string("\x81\x02hi"), "failed:1002");
  expect_decoded(std::string("\x89\x00", 2), "failed:1002");
}

TEST(WebSocketDecoderTest, refuses_lengths_that_a_shorter_form_could_carry) {
  expect_decoded(std::string("\x82\xFE\x00\x05\0\0\0\0hello", 13), "failed:1002");
  expect_decoded(std::string("\x82\xFF\0\0\0\0\0\0\x01\x00\0\0\0\0", 14), "failed:1002");
  expect_decoded(std::string("\x82\xFF\x80\0\0\0\0\0\0\0\0\0\0\0", 14), "failed:1002");
}

TEST(WebSocketDecoderTest, control_frames_carry_at_most_125_bytes_and_are_not_fragmented) {
  const std::string longest(125, 'x');
  expect_decoded(client_frame(final_frame | opcode::ping, longest), "ping:" + longest);
  expect_decoded(client_frame(final_frame | opcode::ping, longest + "x"), "failed:1002");
  expect_decoded(client_frame(opcode::ping, "x"), "failed:1002");
  expect_decoded(client_frame(opcode::close, ""), "failed:1002");
}

TEST(WebSocketDecoderTest, refuses_messages_over_the_limit_by_their_header_with_1009) {
  const WebSocketLimits limits{.message_bytes_max = 10};
  expect_decoded(client_frame(final_frame | opcode::text, "0123456789"), "text:0123456789", limits);
  const auto over = client_frame(final_frame | opcode::text, "0123456789x");
  expect_decoded(over, "failed:1009", limits);
  EXPECT_EQ(decode(over.substr(0, 6), 1, limits), "failed:1009");
  expect_decoded(client_frame(opcode::text, "01234") + client_frame(0, "56789") +
                     client_frame(final_frame, "x"),
                 "failed:1009", limits);
  expect_decoded(std::string("\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0", 14), "failed:1009",
                 limits);
}

TEST(WebSocketDecoderTest, refuses_a_message_of_too_many_fragments_with_1009) {
  const WebSocketLimits limits{.fragments_max = 3};
  const auto middle = client_frame(0, "");
  const auto begin = client_frame(opcode::text, "a");
  const auto end = client_frame(final_frame, "z");
  expect_decoded(begin + middle + end + begin + middle + end, "text:az text:az", limits);
  expect_decoded(begin + middle + middle + end, "failed:1009", limits);
}

TEST(WebSocketDecoderTest, accepts_characters_that_are_split_between_fragments) {
  const std::string word = "評分 κόσμε 😀";
  for (std::size_t cut = 0; cut <= word.size(); ++cut) {
    EXPECT_EQ(decode(client_frame(opcode::text, word.substr(0, cut)) +
                     client_frame(final_frame, word.substr(cut))),
              "text:" + word);
  }
}

TEST(WebSocketDecoderTest, refuses_text_that_is_not_utf8_with_1007) {
  for (const std::string bad :
       {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xFF", "ok\xCE", "\xE8\xA9"}) {
    expect_decoded(client_frame(final_frame | opcode::text, bad), "failed:1007");
    EXPECT_EQ(decode(client_frame(final_frame | opcode::binary, bad)), "binary:" + bad);
  }
}

TEST(WebSocketDecoderTest, refuses_bad_text_at_its_first_bad_byte_not_at_its_end) {
  const auto frame =
      client_frame(final_frame | opcode::text, std::string("ab\xFF", 3) + std::string(90, 'x'));
  EXPECT_EQ(decode(frame.substr(0, 6 + 3), 1), "failed:1007");
  EXPECT_EQ(decode(client_frame(opcode::text, "\xF8")), "failed:1007");
}

TEST(WebSocketDecoderTest, reads_close_frames_and_swallows_what_follows) {
  const auto after = client_frame(final_frame | opcode::text, "late");
  expect_decoded(client_frame(final_frame | opcode::close, "") + after, "close:1005");
  expect_decoded(client_frame(final_frame | opcode::close, close_payload(1000)) + after,
                 "close:1000");
  expect_decoded(client_frame(final_frame | opcode::close, close_payload(4999, "zurück")) + after,
                 "close:4999:zurück");
}

TEST(WebSocketDecoderTest, refuses_close_frames_that_the_rfc_forbids) {
  expect_decoded(client_frame(final_frame | opcode::close, "\x03"), "failed:1002");
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    expect_decoded(
        client_frame(final_frame | opcode::close, close_payload(static_cast<std::uint16_t>(code))),
        "failed:1002");
  }
  for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
                         3000, 3999, 4000, 4999}) {
    expect_decoded(
        client_frame(final_frame | opcode::close, close_payload(static_cast<std::uint16_t>(code))),
        fmt::format("close:{}", code));
  }
  expect_decoded(client_frame(final_frame | opcode::close, close_payload(1000, "\xFF")),
                 "failed:1007");
}

TEST(WebSocketDecoderTest, accepts_nothing_after_a_failure) {
  expect_decoded(std::string("\x81\x02hi") + client_frame(final_frame | opcode::text, "x"),
                 "failed:1002");
}

TEST(WebSocketDecoderTest, unmasks_with_any_key) {
  for (const std::string_view key :
       {std::string_view("\0\0\0\0", 4), std::string_view("\xFF\0\xFF\1", 4)}) {
    EXPECT_EQ(decode(client_frame(final_frame | opcode::text, "Rubricon reads this", key), 5),
              "text:Rubricon reads this");
  }
}

TEST(WebSocketEncoderTest, writes_frames_of_every_length_form) {
  for (const std::size_t size : {0, 125, 126, 65535, 65536}) {
    const std::string payload(size, 'y');
    std::string bytes = *text_frame(payload);
    ServerFrame frame;
    ASSERT_TRUE(take_server_frame(bytes, frame));
    EXPECT_EQ(frame, (ServerFrame{final_frame | opcode::text, payload}));
    EXPECT_TRUE(bytes.empty());
  }
  EXPECT_EQ(*binary_frame("ab"),
            "\x82\x02"
            "ab");
  EXPECT_EQ(*pong_frame("ab"),
            "\x8A\x02"
            "ab");
  EXPECT_EQ(text_frame(std::string(126, 'x'))->size(), 126u + 4);
  EXPECT_EQ(text_frame(std::string(65536, 'x'))->size(), 65536u + 10);
}

TEST(WebSocketEncoderTest, writes_close_frames_with_and_without_a_code) {
  EXPECT_EQ(*close_frame(close_no_status, "ignored"), std::string("\x88\x00", 2));
  EXPECT_EQ(*close_frame(1000, "bye"),
            "\x88\x05\x03\xE8"
            "bye");
  // A reason that is too long ends at a character's border.
  std::string reason;
  while (reason.size() < 200) reason += "評";
  std::string bytes = *close_frame(4000, reason);
  ServerFrame frame;
  ASSERT_TRUE(take_server_frame(bytes, frame));
  EXPECT_EQ(frame.payload, close_payload(4000, reason.substr(0, 123)));
}

}  // namespace
}  // namespace rubricon::net
