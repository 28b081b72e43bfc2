#include <rubricon/app/url_password.hpp>

#include <gtest/gtest.h>

#include <array>

namespace rubricon::app {
namespace {

TEST(UrlPassword, is_left_out_where_addresses_are_shown) {
  EXPECT_EQ(without_passwords("amqp://me:secret@host:5672/v"), "amqp://me:…@host:5672/v");
  EXPECT_EQ(without_passwords("redis://:secret@host"), "redis://:…@host");
  EXPECT_EQ(without_passwords("postgresql://me:a@b:c,d@host/db"), "postgresql://me:…@host/db");
  EXPECT_EQ(without_passwords("postgresql://a:x@h/d,postgresql://b@h/d,postgresql://c:y,z@h/d"),
            "postgresql://a:…@h/d,postgresql://b@h/d,postgresql://c:…@h/d");
  EXPECT_EQ(without_passwords("postgresql://h/d?user=me&password=secret&sslmode=require"),
            "postgresql://h/d?user=me&password=…&sslmode=require");
}

TEST(UrlPassword, leaves_what_has_none_as_it_is) {
  for (const char* without :
       {"", "sqlite:", "memory:", "amqp://host:5672", "amqp://me@host:5672", "http://host/a:b@c",
        "redis://host", "://", "postgresql://me:@host", "a,b"}) {
    EXPECT_EQ(without_passwords(without), without);
  }
}

TEST(UrlPassword, is_overwritten_in_arguments) {
  std::string program = "rubricon", flag = "--redis-url=redis://u:sec,et@h",
              list = "postgresql://a:x@h/d,postgresql://b:yy@h/d", note = "a,b";
  std::array arguments = {program.data(), flag.data(), list.data(), note.data()};
  hide_passwords(arguments);
  EXPECT_EQ(program, "rubricon");
  EXPECT_EQ(flag, "--redis-url=redis://u:******@h");
  EXPECT_EQ(list, "postgresql://a:*@h/d,postgresql://b:**@h/d");
  EXPECT_EQ(note, "a,b");
}

}  // namespace
}  // namespace rubricon::app
