#include <rubricon/api/idempotency.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

std::string key(std::initializer_list<net::HttpHeader> headers, std::string_view client_id = {}) {
  net::HttpHead head;
  head.headers = headers;
  const auto result = idempotency_key(head, client_id);
  if (!result) return "refused " + result.error().reason;
  return *result ? (*result)->value() : "none";
}

TEST(Idempotency, TheKeyComesFromTheHeaderOrTheBody) {
  EXPECT_EQ(key({}), "none");
  EXPECT_EQ(key({{"Idempotency-Key", "a-1"}}), "a-1");
  EXPECT_EQ(key({}, "b-1"), "b-1");
  EXPECT_EQ(key({{"idempotency-key", "a-1"}}, "a-1"), "a-1");
}

TEST(Idempotency, WhatIsNotAKeyIsRefused) {
  EXPECT_EQ(key({{"Idempotency-Key", "two words"}}), "refused invalid_key");
  EXPECT_EQ(key({{"Idempotency-Key", ""}}), "refused invalid_key");
  EXPECT_EQ(key({{"Idempotency-Key", std::string(65, 'a')}}), "refused invalid_key");
  EXPECT_EQ(key({{"Idempotency-Key", "a"}, {"Idempotency-Key", "a"}}), "refused invalid_key");
  EXPECT_EQ(key({}, "評分"), "refused invalid_key");
  EXPECT_EQ(key({{"Idempotency-Key", "a-1"}}, "b-1"), "refused conflicting_keys");
}

}  // namespace
}  // namespace rubricon::api
