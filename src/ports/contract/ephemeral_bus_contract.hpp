/// What every EphemeralBus must do when nothing fails. The harness has `bus()` and `settle()`.
#pragma once

#include <rubricon/ports/ephemeral_bus.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rubricon::ports::contract {

template <typename Harness>
class EphemeralBusContract : public ::testing::Test {
 protected:
  static Ephemeral typing(const std::string& payload) {
    return {domain::StreamId(domain::ChatId(base::Uuid::v7(1, {}))), "typing", payload};
  }

  Harness harness;
};
TYPED_TEST_SUITE_P(EphemeralBusContract);

TYPED_TEST_P(EphemeralBusContract, every_subscriber_hears_every_message_in_order) {
  std::vector<std::string> one, other;
  const auto first =
      this->harness.bus().subscribe([&](const auto& m) { one.push_back(m->name + m->payload); });
  const auto second =
      this->harness.bus().subscribe([&](const auto& m) { other.push_back(m->name + m->payload); });
  this->harness.bus().publish(this->typing(R"({"n":1})"));
  this->harness.bus().publish(this->typing(R"({"n":2})"));
  EXPECT_TRUE(one.empty()) << "a handler ran inside publish";
  this->harness.settle();
  const std::vector<std::string> expected = {R"(typing{"n":1})", R"(typing{"n":2})"};
  EXPECT_EQ(one, expected);
  EXPECT_EQ(other, expected);
}

TYPED_TEST_P(EphemeralBusContract, calls_nobody_who_has_left) {
  int heard = 0;
  auto subscription = this->harness.bus().subscribe([&](const auto&) { ++heard; });
  subscription.reset();
  this->harness.bus().publish(this->typing("{}"));
  this->harness.settle();
  EXPECT_EQ(heard, 0);
}

REGISTER_TYPED_TEST_SUITE_P(EphemeralBusContract, every_subscriber_hears_every_message_in_order,
                            calls_nobody_who_has_left);

}  // namespace rubricon::ports::contract
