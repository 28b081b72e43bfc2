#include <rubricon/gateway/close_reason.hpp>

#include <gtest/gtest.h>

#include <set>

namespace rubricon::gateway {
namespace {

TEST(CloseReason, each_has_a_code_of_its_own_and_only_people_who_must_act_stay_away) {
  std::set<std::string_view> codes;
  std::set<CloseReason> terminal;
  for (std::size_t i = 0; i < close_reason_count; ++i) {
    const auto reason = static_cast<CloseReason>(i);
    codes.insert(code(reason));
    if (come_back(reason) == ComeBack::no) terminal.insert(reason);
  }
  EXPECT_EQ(codes.size(), close_reason_count);
  EXPECT_EQ(terminal, (std::set{CloseReason::session_revoked, CloseReason::too_many_events,
                                CloseReason::too_large, CloseReason::too_many_connections}));
}

}  // namespace
}  // namespace rubricon::gateway
