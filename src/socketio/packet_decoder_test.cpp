#include <rubricon/socketio/packet_decoder.hpp>

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

#include <string>

namespace rubricon::socketio {
namespace {

namespace json = boost::json;

const DecoderLimits limits{};

/// A packet in words: "type nsp id event args", or why it was refused.
std::string describe(const Decoded& decoded) {
  if (!decoded) {
    switch (decoded.error()) {
      case DecodeError::malformed: return "malformed";
      case DecodeError::over_limit: return "over limit";
      case DecodeError::unexpected: return "unexpected";
    }
  }
  if (!*decoded) return "waiting";
  const Packet& p = **decoded;
  std::string text(1, static_cast<char>(p.type));
  text += " " + p.nsp + " " + (p.id ? std::to_string(*p.id) : "-") + " " + p.event + " ";
  if (p.type == PacketType::connect) return text + json::serialize(p.auth);
  text += json::serialize(p.args.values());
  for (const auto& bytes : p.args.attachments()) text += " <" + std::string(bytes.view()) + ">";
  return text;
}

std::string decode(std::string_view text, std::vector<std::string> attachments = {}) {
  PacketDecoder decoder(limits);
  auto result = decoder.text(text);
  for (auto& bytes : attachments) {
    if (describe(result) != "waiting") return "complete too early: " + describe(result);
    result = decoder.binary(std::move(bytes));
  }
  return describe(result);
}

// Goal: reference 2.1, the grammar.
TEST(PacketDecoder, reads_every_type) {
  EXPECT_EQ(decode("0"), "0 / -  {}");
  EXPECT_EQ(decode(R"(0{"token":"123"})"), R"(0 / -  {"token":"123"})");
  EXPECT_EQ(decode("0/custom"), "0 /custom -  {}");
  EXPECT_EQ(decode(R"(0/custom,{"a":1})"), R"(0 /custom -  {"a":1})");
  EXPECT_EQ(decode("0/,"), "0 / -  {}");
  EXPECT_EQ(decode("1"), "1 / -  []");
  EXPECT_EQ(decode("1/custom,"), "1 /custom -  []");
  EXPECT_EQ(decode("1/custom"), "1 /custom -  []");
  EXPECT_EQ(decode(R"(2["hello",1,{"a":[]}])"), R"(2 / - hello [1,{"a":[]}])");
  EXPECT_EQ(decode(R"(2/custom,12["hello"])"), "2 /custom 12 hello []");
  EXPECT_EQ(decode(R"(312["ok"])"), R"(3 / 12  ["ok"])");
  EXPECT_EQ(decode(R"(3/custom,0[])"), "3 /custom 0  []");
  EXPECT_EQ(decode(R"(4{"message":"x"})"), "4 / -  []");
}

// Goal: reference 2.1, a `?` is part of the name.
TEST(PacketDecoder, takes_the_namespace_up_to_the_comma) {
  EXPECT_EQ(decode("0/?token=1"), "0 /?token=1 -  {}");
  EXPECT_EQ(decode("0/" + std::string(255, 'n')), "0 /" + std::string(255, 'n') + " -  {}");
  EXPECT_EQ(decode("0/" + std::string(256, 'n')), "over limit");
}

// Goal: reference 2.3, events may be numbers; `connection`, `error`, `message` are legal.
TEST(PacketDecoder, reads_names_of_events) {
  EXPECT_EQ(decode("2[1,2]"), "2 / - 1 [2]");
  EXPECT_EQ(decode("2[1.5]"), "2 / - 1.5 []");
  EXPECT_EQ(decode(R"(2["error"])"), "2 / - error []");
  EXPECT_EQ(decode(R"(2["connection"])"), "2 / - connection []");
  EXPECT_EQ(decode(R"(2["__proto__",{"constructor":1}])"),
            R"(2 / - __proto__ [{"constructor":1}])");
  EXPECT_EQ(decode("2[\"" + std::string(256, 'e') + "\"]").substr(0, 7), "2 / - e");
  EXPECT_EQ(decode("2[\"" + std::string(257, 'e') + "\"]"), "malformed");
  for (const char* name : {"connect", "connect_error", "disconnect", "disconnecting", "newListener",
                           "removeListener"}) {
    EXPECT_EQ(decode("2[\"" + std::string(name) + "\"]"), "malformed") << name;
  }
}

// Goal: reference 2.1, 1 to 19 digits, echoed canonically.
TEST(PacketDecoder, reads_ids_of_64_bits) {
  EXPECT_EQ(decode(R"(2007["a"])"), "2 / 7 a []");
  EXPECT_EQ(decode(R"(29999999999999999999["a"])"), "2 / 9999999999999999999 a []");
  EXPECT_EQ(decode(R"(210000000000000000000["a"])"), "malformed");
  EXPECT_EQ(decode(R"(2 7["a"])"), "malformed");
  EXPECT_EQ(decode(R"(2-7["a"])"), "malformed");
}

TEST(PacketDecoder, refuses_what_has_not_the_shape_of_its_type) {
  for (const char* text :
       {"",           "7",          "a",           "2",           "21",          "2{}",
        "2[]",        "2[null]",    "2[{}]",       "2[[\"a\"]]",  "2\"a\"",      "2[\"a\"",
        "2[\"a\"]x",  "0[]",        "0null",

        "0\"x\"",     "1{}",        "1[]",         "1/custom,{}", "3[1]",        "3{}",
        "31{}",       "3x",         "2[\"\x80\"]", "5[\"a\"]",    "51[\"a\"]",   "5-[\"a\"]",
        "50-[\"a\"]", "5x-[\"a\"]", "51-",         "51-{}",       "5-1-[\"a\"]", "51.5-[\"a\"]",
        "21-[\"a\"]"}) {
    EXPECT_EQ(decode(text), "malformed") << text;
  }
}

// Goal: reference 2.1, an acknowledgement without payload is ignored as official servers do.
TEST(PacketDecoder, lets_an_empty_acknowledgement_pass) {
  EXPECT_EQ(decode("3"), "3 / -  []");
  EXPECT_EQ(decode("31"), "3 / 1  []");
}

TEST(PacketDecoder, bounds_depth_and_values) {
  const std::string deep(63, '[');
  const std::string end(63, ']');
  EXPECT_NE(decode("2[\"a\"," + deep + end + "]"), "malformed");
  EXPECT_EQ(decode("2[\"a\",[" + deep + end + "]]"), "malformed");
  EXPECT_EQ(decode("2[\"a\"," + std::string(500'000, '[')), "malformed");
}

// Goal: reference 2.2, attachments replace their placeholders anywhere in the tree.
TEST(PacketDecoder, collects_attachments) {
  EXPECT_EQ(decode(R"(51-["a",{"_placeholder":true,"num":0}])", {"x"}),
            R"(2 / - a [{"_placeholder":true,"num":0}] <x>)");
  EXPECT_EQ(decode(R"(52-/custom,7["a",[{"b":{"num":1,"_placeholder":true}}],)"
                   R"({"_placeholder":true,"num":0}])",
                   {"x", "y"}),
            R"(2 /custom 7 a [[{"b":{"_placeholder":true,"num":0}}],)"
            R"({"_placeholder":true,"num":1}] <y> <x>)");
  EXPECT_EQ(decode(R"(61-3[{"_placeholder":true,"num":0}])", {"x"}),
            R"(3 / 3  [{"_placeholder":true,"num":0}] <x>)");
}

// Goal: reference 2.2, one used twice is two, one unused is none.
TEST(PacketDecoder, gives_each_placeholder_its_own_attachment) {
  EXPECT_EQ(
      decode(R"(51-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}])", {"x"}),
      R"(2 / - a [{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}] <x> <x>)");
  EXPECT_EQ(decode(R"(52-["a",1])", {"x", "y"}), "2 / - a [1]");
  std::string many = "51-[\"a\"";
  for (int i = 0; i < 11; ++i) many += R"(,{"_placeholder":true,"num":0})";
  EXPECT_EQ(decode(many + "]", {"x"}), "malformed");
}

// Goal: reference 2.2, `num` must be an integer in range (CVE-2022-2421); only `true` counts.
TEST(PacketDecoder, checks_placeholders) {
  for (const char* num : {"1", "-1", "\"0\"", "0.5", "null", "\"splice\"", "1e99", "[0]"}) {
    const auto text = R"(51-["a",{"_placeholder":true,"num":)" + std::string(num) + "}]";
    EXPECT_EQ(decode(text, {"x"}), "malformed") << num;
  }
  EXPECT_EQ(decode(R"(51-["a",{"_placeholder":true}])", {"x"}), "malformed");
  EXPECT_EQ(decode(R"(51-["a",{"_placeholder":1,"num":5}])", {"x"}),
            R"(2 / - a [{"_placeholder":1,"num":5}])");
  EXPECT_EQ(decode(R"(2["a",{"_placeholder":true,"num":5}])"),
            R"(2 / - a [{"_placeholder":true,"num":5}])");
}

TEST(PacketDecoder, wants_attachments_exactly_when_announced) {
  PacketDecoder decoder(limits);
  EXPECT_EQ(describe(decoder.binary("x")), "unexpected");
  PacketDecoder other(limits);
  EXPECT_EQ(describe(other.text(R"(51-["a",{"_placeholder":true,"num":0}])")), "waiting");
  EXPECT_TRUE(other.waiting());
  EXPECT_EQ(describe(other.text(R"(2["a"])")), "unexpected");
}

// Goal: CVE-2026-33151, count and bytes of attachments are bounded.
TEST(PacketDecoder, bounds_attachments) {
  EXPECT_EQ(decode(R"(510-["a"])"), "waiting");
  EXPECT_EQ(decode(R"(511-["a"])"), "over limit");
  EXPECT_EQ(decode(R"(599999999999999999999-["a"])"), "malformed");
  EXPECT_EQ(decode(R"(52-["a"])", {std::string(600'000, 'x'), std::string(600'000, 'x')}),
            "over limit");
}

}  // namespace
}  // namespace rubricon::socketio
