#include <rubricon/legacy/address.hpp>

#include <gtest/gtest.h>

namespace rubricon::legacy {
namespace {

TEST(LegacyAddress, what_only_prisma_understands_is_taken_out) {
  const auto address = parse_address(
      "postgresql://app@db:5432/old?schema=scoring&sslmode=require&connection_limit=5&options=-c");
  EXPECT_EQ(address.url, "postgresql://app@db:5432/old?sslmode=require&options=-c");
  EXPECT_EQ(address.schema, "scoring");
}

TEST(LegacyAddress, without_parameters_it_stays_as_it_is) {
  const auto address = parse_address("postgresql://app@db/old");
  EXPECT_EQ(address.url, "postgresql://app@db/old");
  EXPECT_EQ(address.schema, "");
  EXPECT_EQ(parse_address("postgresql://app@db/old?schema=public").url, "postgresql://app@db/old");
}

}  // namespace
}  // namespace rubricon::legacy
