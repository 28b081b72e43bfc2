#include <rubricon/app/roles.hpp>

#include <rubricon/app/config_error.hpp>

#include <gtest/gtest.h>

namespace rubricon::app {
namespace {

TEST(Roles, are_named_in_any_order_and_printed_in_one) {
  EXPECT_TRUE(Roles().all());
  EXPECT_EQ(Roles::parse("worker,api"), (Roles{.api = true, .gateway = false, .worker = true}));
  EXPECT_EQ(Roles::parse("worker,api").to_string(), "api,worker");
  EXPECT_EQ(Roles::parse("gateway").to_string(), "gateway");
  EXPECT_TRUE(Roles::parse("api,gateway,worker").all());
}

TEST(Roles, that_do_not_exist_are_refused) {
  for (const auto* bad : {"", "apis", "api,,worker", "api worker"}) {
    EXPECT_THROW(Roles::parse(bad), ConfigError) << bad;
  }
}

}  // namespace
}  // namespace rubricon::app
