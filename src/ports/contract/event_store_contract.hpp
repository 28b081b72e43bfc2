/// What every EventStore must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <algorithm>

namespace rubricon::ports::contract {

class EventStoreContract : public StoreContract {
 protected:
  void SetUp() override {
    owner = make_user("owner");
    chat = make_chat(owner);
    for (int i = 0; i < 9; ++i) post(owner, chat, std::string(1'000, 'x'));  // seq 2 to 10
  }

  EventPage read(EventQuery query) { return run(harness->events().read(query, soon())); }
  static std::vector<std::int64_t> seqs(const EventPage& page) {
    std::vector<std::int64_t> numbers;
    for (const auto& event : page.events) numbers.push_back(event.seq.value());
    return numbers;
  }

  domain::User owner;
  domain::Chat chat;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EventStoreContract);

TEST_P(EventStoreContract, a_chats_stream_is_read_from_a_position_to_its_head) {
  const domain::StreamId room(chat.id);
  const auto all = read({.stream = room});
  EXPECT_EQ(all.head, (domain::Position{domain::Epoch(1), domain::Seq(10)}));
  EXPECT_THAT(seqs(all), testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(all.events[0].type, domain::EventType::chat_created);
  for (const auto& event : all.events) EXPECT_EQ(event.stream, room);
  EXPECT_THAT(seqs(read({.stream = room, .after = domain::Seq(7)})),
              testing::ElementsAre(8, 9, 10));
  EXPECT_THAT(seqs(read({.stream = room, .after = domain::Seq(10)})), testing::IsEmpty());
  EXPECT_THAT(seqs(read({.stream = room, .after = domain::Seq(99)})), testing::IsEmpty());
}

TEST_P(EventStoreContract, a_users_stream_is_one_too) {
  const auto page = read({.stream = domain::StreamId(owner.id)});
  EXPECT_EQ(page.head, (domain::Position{domain::Epoch(1), domain::Seq(1)}));
  ASSERT_THAT(page.events, testing::SizeIs(1));
  EXPECT_EQ(page.events[0].type, domain::EventType::chat_added);
  EXPECT_EQ(data(page.events[0]),
            (boost::json::value{{"chatId", chat.id.to_string()}, {"role", "owner"}}));
  EXPECT_THAT(page.events[0].audience, testing::IsEmpty());
}

TEST_P(EventStoreContract, an_unknown_stream_has_epoch_zero) {
  const auto page = read({.stream = domain::StreamId(domain::ChatId())});
  EXPECT_EQ(page.head, domain::Position());
  EXPECT_THAT(page.events, testing::IsEmpty());
  // A user's id does not name a chat.
  EXPECT_EQ(read({.stream = domain::StreamId(domain::ChatId(owner.id.uuid()))}).head,
            domain::Position());
}

TEST_P(EventStoreContract, a_page_is_bounded_by_count_and_says_the_head) {
  const auto page = read({.stream = domain::StreamId(chat.id), .after = {}, .limit = 3});
  EXPECT_THAT(seqs(page), testing::ElementsAre(1, 2, 3));
  EXPECT_EQ(page.head.seq.value(), 10);
}

TEST_P(EventStoreContract, a_page_is_bounded_by_bytes_but_never_stuck) {
  const domain::StreamId room(chat.id);
  const auto page =
      read({.stream = room, .after = domain::Seq(1), .limit = 500, .bytes_max = 3'600});
  EXPECT_THAT(seqs(page), testing::ElementsAre(2, 3, 4));
  EXPECT_THAT(seqs(read({.stream = room, .after = domain::Seq(1), .limit = 500, .bytes_max = 10})),
              testing::ElementsAre(2));
}

TEST_P(EventStoreContract, at_most_500_events_come_at_once) {
  std::vector<base::Task<base::Result<PostedMessage>>> posts;
  for (int i = 0; i < 520; ++i)
    posts.push_back(harness->messages().post(message(owner, chat, "m"), soon()));
  run_all(std::move(posts));
  EXPECT_THAT(read({.stream = domain::StreamId(chat.id), .after = {}, .limit = 9'999}).events,
              testing::SizeIs(500));
}

TEST_P(EventStoreContract, a_read_never_shows_a_hole_while_others_write) {
  std::vector<base::Task<EventPage>> reads;
  std::vector<std::future<base::Result<PostedMessage>>> writes;
  for (int i = 0; i < 100; ++i) {
    writes.push_back(boost::asio::co_spawn(
        io, harness->messages().post(message(owner, chat, "m"), soon()), boost::asio::use_future));
    reads.push_back(harness->events().read({.stream = domain::StreamId(chat.id)}, soon()));
  }
  for (const auto& page : run_all(std::move(reads))) {
    ASSERT_EQ(page.events.size(), static_cast<std::size_t>(page.head.seq.value()));
    for (std::size_t i = 0; i < page.events.size(); ++i) {
      ASSERT_EQ(page.events[i].seq.value(), static_cast<std::int64_t>(i) + 1);
    }
  }
  post(owner, chat, "the last");  // after all the others, which were waiting before it
}

}  // namespace rubricon::ports::contract
