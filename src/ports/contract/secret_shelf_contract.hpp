/// What every SecretShelf must do. An adapter's test instantiates the suite with a harness that has
/// `std::unique_ptr<SecretShelf> open()`: the same, empty at first, place each time.
#pragma once

#include <rubricon/ports/secret_shelf.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace rubricon::ports::contract {

template <typename Harness>
class SecretShelfContract : public ::testing::Test {
 protected:
  Harness harness;
  std::unique_ptr<SecretShelf> shelf = harness.open();
};
TYPED_TEST_SUITE_P(SecretShelfContract);

TYPED_TEST_P(SecretShelfContract, gives_back_what_it_was_given_whoever_asks) {
  EXPECT_EQ(this->shelf->read("a"), std::nullopt);
  const std::string bytes("\0\x01\xff\n", 4);
  this->shelf->write("a", bytes);
  EXPECT_EQ(this->shelf->read("a"), bytes);
  EXPECT_EQ(this->harness.open()->read("a"), bytes);
  this->shelf->write("a", "other");
  EXPECT_EQ(this->harness.open()->read("a"), "other");
  EXPECT_EQ(this->shelf->read("b"), std::nullopt);
}

TYPED_TEST_P(SecretShelfContract, makes_once) {
  const auto other = this->harness.open();
  EXPECT_EQ(this->shelf->make("a", "first"), "first");
  EXPECT_EQ(other->make("a", "second"), "first");
  EXPECT_EQ(this->shelf->read("a"), "first");
}

TYPED_TEST_P(SecretShelfContract, shows_that_something_was_written) {
  EXPECT_EQ(this->shelf->version("a"), "");
  this->shelf->make("a", "1");
  const auto first = this->shelf->version("a");
  EXPECT_NE(first, "");
  this->shelf->make("a", "2");
  EXPECT_EQ(this->shelf->version("a"), first);
  const auto other = this->harness.open();
  other->write("a", "1");
  EXPECT_NE(this->shelf->version("a"), first);
  EXPECT_EQ(this->shelf->version("a"), other->version("a"));
}

TYPED_TEST_P(SecretShelfContract, names_places_for_people) {
  EXPECT_NE(this->shelf->place_of("current.pem").find("current.pem"), std::string::npos);
}

REGISTER_TYPED_TEST_SUITE_P(SecretShelfContract, gives_back_what_it_was_given_whoever_asks,
                            makes_once, shows_that_something_was_written, names_places_for_people);

}  // namespace rubricon::ports::contract
