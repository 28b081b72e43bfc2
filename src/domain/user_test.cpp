#include <rubricon/domain/user.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

TEST(User, spellings_survive_a_round_trip) {
  for (const auto role : {UserRole::teacher, UserRole::admin}) {
    EXPECT_EQ(parse_user_role(to_string(role)), role);
  }
  for (const auto locale : {Locale::zh_tw, Locale::en}) {
    EXPECT_EQ(parse_locale(to_string(locale)), locale);
  }
  EXPECT_FALSE(parse_user_role("Admin"));
  EXPECT_FALSE(parse_locale("zh"));
}

}  // namespace
}  // namespace rubricon::domain
