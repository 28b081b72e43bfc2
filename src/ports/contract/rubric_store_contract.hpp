/// What every RubricStore must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <fmt/format.h>
#include <algorithm>

namespace rubricon::ports::contract {

class RubricStoreContract : public StoreContract {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
  }

  base::Result<RubricRecord> put(const domain::User& user, std::int64_t expected,
                                 std::string document) {
    return run(harness->rubrics().put({.user = user.id,
                                       .chat = chat.id,
                                       .expected = domain::RubricVersion(expected),
                                       .document = std::move(document),
                                       .trace = "00-trace"},
                                      soon()));
  }

  domain::User owner;
  domain::Chat chat;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(RubricStoreContract);

TEST_P(RubricStoreContract, a_chat_begins_without_a_rubric) {
  EXPECT_THAT(run(harness->rubrics().get(owner.id, chat.id, soon())),
              refused(base::ErrorCode::not_found, "rubric_not_found"));
}

TEST_P(RubricStoreContract, each_put_makes_the_next_version_and_an_event) {
  const auto first = put(owner, 0, R"({"total":100})").value();
  EXPECT_EQ(first.version.value(), 1);
  EXPECT_EQ(first.document, R"({"total":100})");
  EXPECT_EQ(first.by, domain::MessageRole::user);
  EXPECT_EQ(first.user, owner.id);
  EXPECT_EQ(first.updated_at, harness->now());
  harness->advance(base::Milliseconds(3));
  EXPECT_EQ(put(owner, 1, R"({"total":50})").value().version.value(), 2);

  const auto current = run(harness->rubrics().get(owner.id, chat.id, soon())).value();
  EXPECT_EQ(current.version.value(), 2);
  EXPECT_EQ(current.document, R"({"total":50})");
  EXPECT_EQ(current.updated_at, harness->now());

  const auto event = last_event(domain::StreamId(chat.id));
  EXPECT_EQ(event.type, domain::EventType::rubric_updated);
  EXPECT_EQ(event.seq.value(), 3);
  EXPECT_EQ(event.trace, "00-trace");
  EXPECT_EQ(data(event), (boost::json::value{{"version", 2},
                                             {"by", "USER"},
                                             {"userId", owner.id.to_string()},
                                             {"at", base::format_time(harness->now())},
                                             {"rubric", {{"total", 50}}}}));
}

TEST_P(RubricStoreContract, another_version_than_expected_is_a_failed_precondition) {
  EXPECT_THAT(put(owner, 1, "{}"), refused(base::ErrorCode::precondition_failed));
  ASSERT_TRUE(put(owner, 0, "{}"));
  EXPECT_THAT(put(owner, 0, "{}"), refused(base::ErrorCode::precondition_failed));
  EXPECT_EQ(last_event(domain::StreamId(chat.id)).seq.value(), 2);
}

TEST_P(RubricStoreContract, every_version_stays_and_is_listed_newest_first) {
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(put(owner, i, fmt::format(R"({{"total":{}}})", i)));
  const auto listed = [this](std::int64_t before, std::size_t limit) {
    std::vector<std::string> out;
    const auto page = run(harness->rubrics().versions(
        owner.id, chat.id, domain::RubricVersion(before), limit, soon()));
    for (const auto& record : page.value()) out.push_back(record.document);
    return out;
  };
  EXPECT_THAT(listed(100, 2), testing::ElementsAre(R"({"total":2})", R"({"total":1})"));
  EXPECT_THAT(listed(2, 10), testing::ElementsAre(R"({"total":0})"));
  EXPECT_THAT(listed(1, 10), testing::IsEmpty());

  const auto one = [this](std::int64_t version) {
    return run(
        harness->rubrics().version(owner.id, chat.id, domain::RubricVersion(version), soon()));
  };
  EXPECT_EQ(one(1).value().document, R"({"total":0})");
  EXPECT_EQ(one(1).value().user, owner.id);
  EXPECT_THAT(one(4), refused(base::ErrorCode::not_found, "version_not_found"));
}

TEST_P(RubricStoreContract, versions_are_the_members_own) {
  ASSERT_TRUE(put(owner, 0, "{}"));
  const auto viewer = make_user("viewer");
  const auto stranger = make_user("stranger");
  add_member(owner, chat, viewer, domain::MemberRole::viewer);
  const domain::RubricVersion first(1);
  auto& rubrics = harness->rubrics();
  EXPECT_EQ(run(rubrics.versions(viewer.id, chat.id, first.next(), 9, soon())).value().size(), 1u);
  EXPECT_TRUE(run(rubrics.version(viewer.id, chat.id, first, soon())));
  EXPECT_THAT(run(rubrics.versions(stranger.id, chat.id, first.next(), 9, soon())),
              refused(base::ErrorCode::not_found, ""));
  EXPECT_THAT(run(rubrics.version(stranger.id, chat.id, first, soon())),
              refused(base::ErrorCode::not_found, ""));
}

TEST_P(RubricStoreContract, a_proposal_is_answered_once_and_later_versions_remember_it) {
  const auto answer = [this](std::int64_t expected, std::int64_t seq) {
    return run(harness->rubrics().put({.user = owner.id,
                                       .chat = chat.id,
                                       .expected = domain::RubricVersion(expected),
                                       .document = "{}",
                                       .trace = {},
                                       .answers = domain::Seq(seq)},
                                      soon()));
  };
  EXPECT_THAT(answer(0, 2), refused(base::ErrorCode::invalid, "no_such_proposal"));
  EXPECT_EQ(answer(0, 1).value().answered.value(), 1);
  EXPECT_EQ(data(last_event(domain::StreamId(chat.id))).at("answered"), boost::json::value(1));
  EXPECT_THAT(answer(1, 1), refused(base::ErrorCode::conflict, "proposal_answered"));
  EXPECT_EQ(put(owner, 1, "{}").value().answered.value(), 1);
  EXPECT_EQ(run(harness->rubrics().get(owner.id, chat.id, soon())).value().answered.value(), 1);
  EXPECT_EQ(answer(2, 3).value().answered.value(), 3);
}

TEST_P(RubricStoreContract, of_many_puts_at_once_one_wins) {
  std::vector<base::Task<base::Result<RubricRecord>>> puts;
  for (int i = 0; i < 20; ++i) {
    puts.push_back(harness->rubrics().put(
        {.user = owner.id, .chat = chat.id, .expected = {}, .document = "{}", .trace = {}},
        soon()));
  }
  const auto results = run_all(std::move(puts));
  EXPECT_EQ(std::ranges::count_if(results, [](const auto& r) { return r.has_value(); }), 1);
}

TEST_P(RubricStoreContract, strangers_find_nothing_and_viewers_only_read) {
  const auto viewer = make_user("viewer");
  const auto stranger = make_user("stranger");
  add_member(owner, chat, viewer, domain::MemberRole::viewer);
  EXPECT_THAT(put(viewer, 0, "{}"), refused(base::ErrorCode::forbidden));
  EXPECT_THAT(put(stranger, 0, "{}"), refused(base::ErrorCode::not_found));
  ASSERT_TRUE(put(owner, 0, "{}"));
  EXPECT_TRUE(run(harness->rubrics().get(viewer.id, chat.id, soon())));
  EXPECT_THAT(run(harness->rubrics().get(stranger.id, chat.id, soon())),
              refused(base::ErrorCode::not_found, ""));
}

}  // namespace rubricon::ports::contract
