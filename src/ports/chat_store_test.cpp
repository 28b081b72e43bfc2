#include <rubricon/ports/chat_store.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports {
namespace {

ChatSummary some_summary() {
  ChatSummary summary;
  summary.chat.epoch = domain::Epoch(2);
  summary.chat.last_seq = domain::Seq(9);
  summary.chat.updated_at = base::time_from_unix_ms(1'000);
  summary.role = domain::MemberRole::editor;
  summary.pinned = true;
  summary.last_read = domain::Seq(7);
  return summary;
}

TEST(ChatQuery, says_where_its_page_begins_and_how_long_it_is) {
  EXPECT_EQ(cursor_of({}).value(), domain::ListCursor::start());
  const auto after = cursor_of({.cursor = cursor_after(some_summary())}).value();
  EXPECT_EQ(after.section, domain::ListCursor::Section::pinned);
  EXPECT_EQ(after.updated_at, base::time_from_unix_ms(1'000));
  EXPECT_EQ(cursor_of({.cursor = "x"}).error().reason, "bad_cursor");
  EXPECT_EQ(limit_of({.limit = 0}), 1u);
  EXPECT_EQ(limit_of({.limit = 7}), 7u);
  EXPECT_EQ(limit_of({.limit = 1'000}), chat_page_max);
}

TEST(ChatState, has_all_that_a_line_follows_from) {
  const auto state = state_of(some_summary());
  EXPECT_EQ(state.head, (domain::Position{domain::Epoch(2), domain::Seq(9)}));
  EXPECT_EQ(state.updated_at, base::time_from_unix_ms(1'000));
  EXPECT_EQ(state.role, domain::MemberRole::editor);
  EXPECT_TRUE(state.pinned);
  EXPECT_EQ(state.last_read, domain::Seq(7));
}

TEST(ListState, knows_whether_there_is_more) {
  ChatPage page{.chats = {some_summary(), some_summary()}, .next_cursor = {}};
  const auto last = state_of(page);
  EXPECT_EQ(last.chats.size(), 2u);
  EXPECT_FALSE(last.more);
  page.next_cursor = "next";
  EXPECT_NE(state_of(page), last);
}

TEST(ViewState, has_the_members_as_they_are_called) {
  ChatView view{.summary = some_summary(), .members = {{{}, "a@b.tw", "A"}}, .rubric = {}};
  const auto before = state_of(view);
  view.members.front().name = "B";
  EXPECT_NE(state_of(view), before);
}

}  // namespace
}  // namespace rubricon::ports
