#include <rubricon/ports/imports.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports {
namespace {

ImportedMessage message(std::uint8_t mark, domain::MessageRole role, std::int64_t ms) {
  return {.mark = mark_of(base::Uuid::v7(0, {mark})),
          .role = role,
          .content = domain::MessageText::parse("x").value(),
          .at = base::time_from_unix_ms(ms)};
}

TEST(Imports, rows_follow_the_newest_event_and_time_never_runs_back) {
  domain::Chat chat;
  chat.owner = domain::UserId(base::Uuid::v7(1, {1}));
  chat.last_seq = domain::Seq(7);
  chat.updated_at = base::time_from_unix_ms(2'000);
  const auto rows = imported_rows(chat, {message(1, domain::MessageRole::user, 1'000),
                                         message(2, domain::MessageRole::ai, 3'000),
                                         message(3, domain::MessageRole::user, 2'500)});
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].seq, domain::Seq(8));
  EXPECT_EQ(rows[2].seq, domain::Seq(10));
  EXPECT_EQ(rows[0].created_at, chat.updated_at);
  EXPECT_EQ(rows[1].created_at, base::time_from_unix_ms(3'000));
  EXPECT_EQ(rows[2].created_at, base::time_from_unix_ms(3'000));
  EXPECT_EQ(rows[0].user, chat.owner);
  EXPECT_FALSE(rows[1].user);
}

TEST(Imports, an_id_has_the_time_and_the_mark) {
  const auto given = message(9, domain::MessageRole::user, 1'000);
  const auto row = imported_rows({}, {given}).front();
  EXPECT_EQ(row.id.uuid().unix_ms(), 1'000);
  EXPECT_EQ(mark_of(row.id.uuid()), given.mark);
}

}  // namespace
}  // namespace rubricon::ports
