#include <rubricon/app/sentence.hpp>

#include <gtest/gtest.h>

namespace rubricon::app {
namespace {

TEST(Sentence, the_first_field_that_broke_a_rule_is_named) {
  const base::Error error{base::ErrorCode::invalid,
                          "some fields are wrong",
                          "",
                          {{"email", "format", "is no address"}, {"name", "empty", "is empty"}}};
  EXPECT_EQ(sentence(error), "email is no address");
}

TEST(Sentence, without_fields_it_is_the_detail) {
  const base::Error error{base::ErrorCode::conflict, "this address has an account already", "", {}};
  EXPECT_EQ(sentence(error), "this address has an account already");
}

}  // namespace
}  // namespace rubricon::app
