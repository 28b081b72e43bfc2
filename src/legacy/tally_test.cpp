#include <rubricon/legacy/tally.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

#include <string>

namespace rubricon::legacy {
namespace {

using testing::HasSubstr;
using testing::Not;

Tally tally() {
  Tally done;
  done.users = {.found = 2, .imported = 1, .there = 1, .left_out = {}};
  done.chats = {.found = 3, .imported = 3, .there = 0, .left_out = {}};
  done.messages = {.found = 5, .imported = 3, .there = 0, .left_out = {}};
  done.messages.leave_out(Reason::empty, "m1");
  done.messages.leave_out(Reason::empty, "m2");
  return done;
}

TEST(LegacyTally, every_row_that_was_looked_at_counts_once) {
  EXPECT_EQ(tally().found(), 10);
  EXPECT_EQ(tally().seen(), 10);
}

TEST(LegacyTally, the_report_names_what_was_left_out_by_its_old_id) {
  const auto report = boost::json::parse(to_json(tally(), 1.5));
  EXPECT_EQ(report.at("rehearsal"), false);
  EXPECT_EQ(report.at("seconds"), 1.5);
  EXPECT_EQ(report.at("messages").at("imported"), 3);
  const auto& empty = report.at("messages").at("leftOut").at("empty");
  EXPECT_EQ(empty.at("count"), 2);
  EXPECT_EQ(empty.at("ids").as_array().front(), "m1");
}

TEST(LegacyTally, names_are_bounded_and_counts_are_not) {
  TableTally table;
  for (std::size_t i = 0; i < named_max + 5; ++i)
    table.leave_out(Reason::orphan, std::to_string(i));
  EXPECT_EQ(table.left_out.at(Reason::orphan).ids.size(), named_max);
  EXPECT_EQ(table.left_out.at(Reason::orphan).count, static_cast<std::int64_t>(named_max) + 5);
}

TEST(LegacyTally, people_read_what_to_do_next) {
  EXPECT_THAT(to_text(tally(), 1.5), HasSubstr("messages: 3 imported, 0 were there, 2 left out"));
  EXPECT_THAT(to_text(tally(), 1.5), HasSubstr("2 empty, the first m1"));
  EXPECT_THAT(to_text(tally(), 1.5), HasSubstr("rubricon user password"));
  EXPECT_THAT(to_text(tally(), 1.5), HasSubstr("2 messages/s"));
}

TEST(LegacyTally, a_rehearsal_says_that_it_was_one) {
  auto done = tally();
  done.rehearsal = true;
  EXPECT_THAT(to_text(done, 1), HasSubstr("3 would be imported"));
  EXPECT_THAT(to_text(done, 1), HasSubstr("nothing was written"));
  EXPECT_THAT(to_text(done, 1), Not(HasSubstr("password")));
}

}  // namespace
}  // namespace rubricon::legacy
