/// What every ConnectionLimiter must do. The harness has `io()`, `limiter()`,
/// `advance(Milliseconds)`.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/connection_limiter.hpp>
#include <rubricon/ports/contract/run_task.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class ConnectionLimiterContract : public ::testing::Test {
 protected:
  bool enter(const std::string& key, const std::string& connection) {
    return run_task(harness.io(), harness.limiter().enter(key, connection, 2, soon));
  }
  void leave(const std::string& key, const std::string& connection) {
    run_task(harness.io(), harness.limiter().leave(key, connection, soon));
  }

  const base::Deadline soon = base::Deadline::at(base::Instant::max());
  Harness harness;
};
TYPED_TEST_SUITE_P(ConnectionLimiterContract);

TYPED_TEST_P(ConnectionLimiterContract, lets_in_as_many_as_there_may_be) {
  EXPECT_TRUE(this->enter("user:a", "1"));
  EXPECT_TRUE(this->enter("user:a", "2"));
  EXPECT_FALSE(this->enter("user:a", "3"));
  EXPECT_TRUE(this->enter("user:b", "3")) << "another key counts for itself";
  EXPECT_TRUE(this->enter("user:a", "2")) << "who is in stays in";
  this->leave("user:a", "1");
  EXPECT_TRUE(this->enter("user:a", "3"));
}

TYPED_TEST_P(ConnectionLimiterContract, leaving_without_being_there_changes_nothing) {
  this->leave("user:a", "1");
  this->enter("user:a", "1");
  this->leave("user:a", "9");
  this->enter("user:a", "2");
  EXPECT_FALSE(this->enter("user:a", "3"));
}

TYPED_TEST_P(ConnectionLimiterContract, connections_of_the_dead_go_after_a_minute) {
  this->enter("user:a", "1");
  this->enter("user:a", "2");
  this->harness.advance(base::Milliseconds(40'000));
  this->enter("user:a", "2");
  this->harness.advance(base::Milliseconds(25'000));
  EXPECT_TRUE(this->enter("user:a", "3")) << "the first is a ghost";
  EXPECT_FALSE(this->enter("user:a", "4")) << "the second is not";
}

REGISTER_TYPED_TEST_SUITE_P(ConnectionLimiterContract, lets_in_as_many_as_there_may_be,
                            leaving_without_being_there_changes_nothing,
                            connections_of_the_dead_go_after_a_minute);

}  // namespace rubricon::ports::contract
