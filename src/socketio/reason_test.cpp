#include <rubricon/socketio/reason.hpp>

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace rubricon::socketio {
namespace {

// Goal: reference 1.10; whoever moves from Node's server finds the names in logs and handlers.
TEST(Reason, has_the_name_that_the_official_server_uses) {
  using enum Reason;
  const std::map<Reason, std::string> official = {
      {transport_close, "transport close"},
      {transport_error, "transport error"},
      {ping_timeout, "ping timeout"},
      {parse_error, "parse error"},
      {forced_close, "forced close"},
      {forced_server_close, "forced server close"},
      {client_namespace_disconnect, "client namespace disconnect"},
      {server_namespace_disconnect, "server namespace disconnect"},
      {server_shutting_down, "server shutting down"}};
  for (const auto& [reason, name] : official) EXPECT_EQ(to_string(reason), name);
}

// Goal: logs and counters can tell every reason from every other.
TEST(Reason, each_has_its_own_name) {
  std::set<std::string> names;
  for (int i = 0; i < reason_count; ++i) names.insert(to_string(static_cast<Reason>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(reason_count));
  EXPECT_FALSE(names.contains("unknown"));
}

// Goal: reference 1.7, closes of the protocol have an empty frame; ours say what to do.
TEST(Reason, has_a_close_code_where_the_protocol_has_no_word) {
  EXPECT_EQ(close_code(Reason::ping_timeout), 1005);
  EXPECT_EQ(close_code(Reason::slow_consumer), 1013);
  EXPECT_EQ(close_code(Reason::rate_limit), 1008);
}

}  // namespace
}  // namespace rubricon::socketio
