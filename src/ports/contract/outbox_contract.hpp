/// What every Outbox must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <atomic>
#include <set>

namespace rubricon::ports::contract {

class OutboxContract : public StoreContract {
 protected:
  static constexpr base::Milliseconds lease = std::chrono::seconds(30);

  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
    erase(claim(1'000));
  }

  std::vector<OutboxRow> claim(std::size_t limit = 100) {
    return run(harness->outbox().claim(limit, lease, soon()));
  }
  void erase(const std::vector<OutboxRow>& rows) {
    run(harness->outbox().erase(ids(rows), soon()));
  }
  static std::vector<OutboxId> ids(const std::vector<OutboxRow>& rows) {
    std::vector<OutboxId> out;
    for (const auto& row : rows) out.push_back(row.id);
    return out;
  }

  domain::User owner;
  domain::Chat chat;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(OutboxContract);

TEST_P(OutboxContract, every_event_of_every_stream_is_there_once_in_commit_order) {
  const auto other = make_chat(owner);
  for (int i = 0; i < 3; ++i) {
    post(owner, chat, "a");
    post(owner, other, "b");
  }
  const auto rows = claim();
  // chat-created, chat-added, and six messages
  ASSERT_THAT(rows, testing::SizeIs(8));
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_LT(rows[i - 1].id, rows[i].id);
  std::vector<domain::Event> expected = stream(domain::StreamId(chat.id));
  expected.erase(expected.begin());  // created before
  for (const auto& event : stream(domain::StreamId(other.id))) expected.push_back(event);
  expected.push_back(stream(domain::StreamId(owner.id)).back());
  std::vector<domain::Event> found;
  for (const auto& row : rows) found.push_back(row.event);
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(expected));
}

TEST_P(OutboxContract, a_claimed_row_is_nobody_elses_until_the_claim_expires) {
  post(owner, chat, "a");
  post(owner, chat, "b");
  const auto first = claim(1);
  ASSERT_THAT(first, testing::SizeIs(1));
  const auto second = claim();
  ASSERT_THAT(second, testing::SizeIs(1));
  EXPECT_LT(first[0].id, second[0].id);
  EXPECT_THAT(claim(), testing::IsEmpty());
  harness->advance(lease);
  EXPECT_THAT(ids(claim()), testing::ElementsAre(first[0].id, second[0].id));
}

TEST_P(OutboxContract, two_claimers_at_once_never_share_a_row) {
  for (int i = 0; i < 50; ++i) post(owner, chat, "m");
  std::vector<base::Task<std::vector<OutboxRow>>> calls;
  for (int i = 0; i < 10; ++i) calls.push_back(harness->outbox().claim(7, lease, soon()));
  std::set<OutboxId> seen;
  std::size_t count = 0;
  for (const auto& rows : run_all(std::move(calls))) {
    for (const auto& row : rows) seen.insert(row.id);
    count += rows.size();
  }
  EXPECT_EQ(count, 50u);
  EXPECT_EQ(seen.size(), 50u);
}

TEST_P(OutboxContract, erased_rows_never_come_back_and_unknown_ids_are_ignored) {
  post(owner, chat, "a");
  post(owner, chat, "b");
  const auto rows = claim();
  run(harness->outbox().erase({rows[0].id, OutboxId(123'456'789)}, soon()));
  harness->advance(lease);
  EXPECT_THAT(ids(claim()), testing::ElementsAre(rows[1].id));
}

TEST_P(OutboxContract, an_id_is_never_used_twice) {
  post(owner, chat, "a");
  const auto first = claim();
  erase(first);
  post(owner, chat, "b");
  erase(first);  // a late repetition must not hit the newer row
  EXPECT_THAT(claim(), testing::SizeIs(1));
}

TEST_P(OutboxContract, released_rows_can_be_claimed_at_once) {
  post(owner, chat, "a");
  const auto rows = claim();
  run(harness->outbox().release(ids(rows), soon()));
  EXPECT_THAT(ids(claim()), testing::ElementsAre(rows[0].id));
}

TEST_P(OutboxContract, the_oldest_rows_age_counts_claimed_ones_too) {
  EXPECT_EQ(run(harness->outbox().oldest_age(soon())), base::Milliseconds(0));
  post(owner, chat, "a");
  harness->advance(base::Milliseconds(1'500));
  post(owner, chat, "b");
  claim(1);
  EXPECT_EQ(run(harness->outbox().oldest_age(soon())), base::Milliseconds(1'500));
}

TEST_P(OutboxContract, commits_with_rows_poke_the_listener_until_it_leaves) {
  std::atomic<int> pokes = 0;
  harness->outbox().on_commit([&pokes] { ++pokes; });
  post(owner, chat, "a");
  EXPECT_EQ(pokes, 1);
  EXPECT_THAT(run(harness->messages().post(message(make_user("stranger"), chat, "x"), soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_EQ(pokes, 1) << "nothing was written";
  harness->outbox().on_commit({});
  post(owner, chat, "b");
  EXPECT_EQ(pokes, 1);
}

TEST_P(OutboxContract, a_row_is_claimable_when_its_listener_is_poked) {
  std::atomic<bool> poked = false;
  harness->outbox().on_commit([&poked] { poked = true; });
  post(owner, chat, "a");
  EXPECT_TRUE(poked);
  EXPECT_THAT(claim(), testing::SizeIs(1));
  harness->outbox().on_commit({});
}

}  // namespace rubricon::ports::contract
