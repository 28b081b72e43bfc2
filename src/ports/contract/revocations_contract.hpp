/// What every Revocations must do. The harness has `revocations()` and `advance(Milliseconds)`.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/token_authority.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class RevocationsContract : public ::testing::Test {
 protected:
  Harness harness;
  domain::SessionId one{base::Uuid::v7(1, {})};
  domain::SessionId other{base::Uuid::v7(2, {})};
};
TYPED_TEST_SUITE_P(RevocationsContract);

TYPED_TEST_P(RevocationsContract, refuses_exactly_what_was_revoked) {
  EXPECT_FALSE(this->harness.revocations().revoked(this->one));
  this->harness.revocations().revoke(this->one);
  this->harness.revocations().revoke(this->one);
  EXPECT_TRUE(this->harness.revocations().revoked(this->one));
  EXPECT_FALSE(this->harness.revocations().revoked(this->other));
}

TYPED_TEST_P(RevocationsContract, remembers_for_as_long_as_a_token_lives) {
  this->harness.revocations().revoke(this->one);
  this->harness.advance(base::Milliseconds(15 * 60'000));
  this->harness.revocations().revoke(this->other);
  EXPECT_TRUE(this->harness.revocations().revoked(this->one));
}

REGISTER_TYPED_TEST_SUITE_P(RevocationsContract, refuses_exactly_what_was_revoked,
                            remembers_for_as_long_as_a_token_lives);

}  // namespace rubricon::ports::contract
