#include <rubricon/app/url_password.hpp>

#include <gtest/gtest.h>

#include <array>

namespace rubricon::app {
namespace {

TEST(UrlPassword, is_between_the_user_and_the_host) {
  EXPECT_EQ(password_of("amqp://me:secret@host:5672/vhost"), "secret");
  EXPECT_EQ(password_of("redis://:secret@host"), "secret");
  EXPECT_EQ(password_of("postgresql://me:a@b:c@host/db"), "a@b:c");
  for (const char* without :
       {"", "sqlite:", "memory:", "amqp://host:5672", "amqp://me@host:5672", "http://host/a:b@c",
        "redis://host", "://", "postgresql://me:@host"}) {
    EXPECT_EQ(password_of(without), "") << without;
  }
}

TEST(UrlPassword, is_left_out_where_addresses_are_shown) {
  EXPECT_EQ(without_passwords("amqp://me:secret@host/v"), "amqp://me:…@host/v");
  EXPECT_EQ(without_passwords("postgresql://a:x@h/d,postgresql://b@h/d,postgresql://c:y@h/d"),
            "postgresql://a:…@h/d,postgresql://b@h/d,postgresql://c:…@h/d");
  EXPECT_EQ(without_passwords("sqlite:"), "sqlite:");
  EXPECT_EQ(without_passwords(""), "");
}

TEST(UrlPassword, is_overwritten_in_arguments) {
  std::string program = "rubricon", flag = "--redis-url=redis://u:secret@h",
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
