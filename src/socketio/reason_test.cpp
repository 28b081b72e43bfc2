#include <rubricon/socketio/reason.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace rubricon::socketio {
namespace {

// Goal: logs and counters can tell every reason from every other.
TEST(Reason, each_has_its_own_name) {
  std::set<std::string> names;
  for (int i = 0; i < reason_count; ++i) names.insert(to_string(static_cast<Reason>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(reason_count));
  EXPECT_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace rubricon::socketio
