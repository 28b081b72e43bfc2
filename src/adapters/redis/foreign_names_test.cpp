#include <rubricon/redis/foreign_names.hpp>

#include <gtest/gtest.h>

namespace rubricon::redis {
namespace {

TEST(ForeignNames, what_is_stored_and_what_steers_clients_is_only_ours) {
  for (const auto* name : {"new-msg", "msg-updated", "msg-deleted", "answer-failed",
                           "rubric-updated", "member-added", "member-removed", "chat-renamed",
                           "user-event", "heads", "server-closing", "server-draining"}) {
    EXPECT_TRUE(only_ours(name)) << name;
  }
  for (const auto* name : {"typing", "presence", "bell", "new-message", "NEW-MSG", ""}) {
    EXPECT_FALSE(only_ours(name)) << name;
  }
}

}  // namespace
}  // namespace rubricon::redis
