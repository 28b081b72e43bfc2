#include <rubricon/socketio/session_id.hpp>

#include <gtest/gtest.h>

namespace rubricon::socketio {
namespace {

TEST(SessionId, has_20_characters_with_and_without_prefix) {
  IdBytes bytes{};
  bytes.fill(0xA5);
  const auto plain = make_id(bytes);
  const auto prefixed = make_id(bytes, "g1");
  EXPECT_EQ(plain.size(), id_size);
  EXPECT_EQ(prefixed.size(), id_size);
  EXPECT_EQ(prefixed.substr(0, 2), "g1");
  EXPECT_EQ(prefixed.substr(2), plain.substr(2));
}

TEST(SessionId, accepts_two_characters_of_its_alphabet_as_prefix) {
  for (const char* prefix : {"", "aZ", "09", "_-"}) EXPECT_TRUE(is_valid_sid_prefix(prefix));
  for (const char* prefix : {"a", "abc", "a/", "a@", "[a", "\x01\x02"}) {
    EXPECT_FALSE(is_valid_sid_prefix(prefix)) << prefix;
  }
}

}  // namespace
}  // namespace rubricon::socketio
