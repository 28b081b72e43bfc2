/// What every RecentMessages must do. The harness has `io()`, `cache()` and
/// `advance(Milliseconds)`.
#pragma once

#include <rubricon/base/pause.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/recent_messages.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class RecentMessagesContract : public ::testing::Test {
 protected:
  domain::Message message(int seq) const {
    return {.chat = chat,
            .seq = domain::Seq(seq),
            .id = domain::MessageId(base::Uuid::v7(seq, {})),
            .user = domain::UserId(base::Uuid::v7(1, {})),
            .content = "評分 " + std::to_string(seq),
            .created_at = base::time_from_unix_ms(1'795'384'115'123 + seq)};
  }
  RecentPage page(int first, int last) const {
    RecentPage messages;
    for (int seq = first; seq <= last; ++seq) messages.push_back(message(seq));
    return messages;
  }
  domain::Event event(int seq, domain::EventType type, std::string data, int epoch = 1) const {
    return {.stream = domain::StreamId(chat),
            .epoch = domain::Epoch(epoch),
            .seq = domain::Seq(seq),
            .type = type,
            .at = base::time_from_unix_ms(1'795'384'115'123),
            .data = std::move(data)};
  }
  domain::Event said(int seq) const {
    return event(seq, domain::EventType::message_created,
                 domain::message_created_data(message(seq)));
  }
  static domain::Position at(int seq) { return {domain::Epoch(1), domain::Seq(seq)}; }

  base::Task<base::Result<RecentPage>> fill(RecentPage messages) {
    ++fills;
    co_return messages;
  }
  base::Task<base::Result<RecentPage>> slow_fill() {
    ++fills;
    co_await base::pause(base::Milliseconds(20));
    co_return page(2, 3);
  }
  /// As from a cache that must not be filled where `stored` is nothing.
  RecentPage read(domain::Position head, std::optional<RecentPage> stored = std::nullopt) {
    const int before = fills;
    const auto got = run_task(
        harness.io(),
        harness.cache().read(
            chat, head, [this, stored] { return fill(stored.value_or(RecentPage{})); }, soon));
    EXPECT_EQ(fills - before, stored ? 1 : 0) << "at " << head.seq.value();
    return got.value_or(RecentPage{});
  }
  void apply(domain::Event one) {
    run_task(harness.io(),
             harness.cache().apply(std::make_shared<const domain::Event>(std::move(one)), soon));
  }

  const base::Deadline soon = base::Deadline::at(base::Instant::max());
  Harness harness;
  domain::ChatId chat{base::Uuid::v7(1, {})};
  int fills = 0;
};
TYPED_TEST_SUITE_P(RecentMessagesContract);

TYPED_TEST_P(RecentMessagesContract, is_filled_once_and_asked_afterwards) {
  const auto stored = this->page(2, 3);
  EXPECT_EQ(this->read(this->at(3), stored), stored);
  EXPECT_EQ(this->read(this->at(3)), stored);
  EXPECT_EQ(this->read(this->at(4), this->page(2, 4)), this->page(2, 4)) << "that is another state";
}

TYPED_TEST_P(RecentMessagesContract, a_chat_without_messages_is_known_to_have_none) {
  EXPECT_EQ(this->read(this->at(1), RecentPage{}), RecentPage{});
  EXPECT_EQ(this->read(this->at(1)), RecentPage{});
}

TYPED_TEST_P(RecentMessagesContract, is_brought_forward_by_events) {
  this->read(this->at(21), this->page(2, 21));
  this->apply(this->said(22));
  EXPECT_EQ(this->read(this->at(22)), this->page(3, 22)) << "the last twenty";
  this->apply(this->event(23, domain::EventType::chat_renamed, "{}"));
  EXPECT_EQ(this->read(this->at(23)), this->page(3, 22));
}

TYPED_TEST_P(RecentMessagesContract, an_event_that_comes_again_changes_nothing) {
  this->read(this->at(2), this->page(2, 2));
  this->apply(this->said(3));
  this->apply(this->said(3));
  this->apply(this->said(2));
  EXPECT_EQ(this->read(this->at(3)), this->page(2, 3));
}

TYPED_TEST_P(RecentMessagesContract, a_message_read_before_its_event_is_there_once) {
  // The store was read a moment after the head.
  this->read(this->at(2), this->page(2, 3));
  this->apply(this->said(3));
  EXPECT_EQ(this->read(this->at(3)), this->page(2, 3));
}

TYPED_TEST_P(RecentMessagesContract, forgets_what_it_cannot_bring_forward) {
  this->read(this->at(2), this->page(2, 2));
  this->apply(this->said(4));
  EXPECT_EQ(this->read(this->at(4), this->page(2, 4)), this->page(2, 4)) << "a hole";
  this->apply(this->event(5, domain::EventType::message_updated, "{}"));
  EXPECT_EQ(this->read(this->at(5), this->page(2, 4)), this->page(2, 4)) << "an edit";
  this->apply(this->event(6, domain::EventType::message_deleted, "{}"));
  EXPECT_EQ(this->read(this->at(6), this->page(2, 3)), this->page(2, 3)) << "a removal";
  this->apply(this->event(7, domain::EventType::chat_renamed, "{}", 2));
  EXPECT_EQ(this->read(this->at(6), this->page(2, 3)), this->page(2, 3)) << "another epoch";
}

TYPED_TEST_P(RecentMessagesContract, events_of_chats_that_nobody_reads_are_not_kept) {
  this->apply(this->said(2));
  EXPECT_EQ(this->read(this->at(2), this->page(2, 2)), this->page(2, 2));
}

TYPED_TEST_P(RecentMessagesContract, an_older_state_does_not_replace_a_newer_one) {
  this->read(this->at(3), this->page(2, 3));
  this->read(this->at(2), this->page(2, 2));
  EXPECT_EQ(this->read(this->at(3)), this->page(2, 3));
}

TYPED_TEST_P(RecentMessagesContract, forgets_after_five_minutes) {
  this->read(this->at(2), this->page(2, 2));
  this->harness.advance(recent_messages_kept - base::Milliseconds(60'000));
  this->read(this->at(2));
  this->harness.advance(base::Milliseconds(60'001));
  this->read(this->at(2), this->page(2, 2));
}

TYPED_TEST_P(RecentMessagesContract, a_refusal_of_the_store_is_not_kept) {
  const auto refused = [] -> base::Task<base::Result<RecentPage>> {
    co_return base::fail(base::ErrorCode::not_found);
  };
  const auto got = run_task(
      this->harness.io(), this->harness.cache().read(this->chat, this->at(2), refused, this->soon));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, base::ErrorCode::not_found);
  this->read(this->at(2), this->page(2, 2));
}

TYPED_TEST_P(RecentMessagesContract, those_who_ask_at_once_read_the_store_once) {
  const auto slow = [this] { return this->slow_fill(); };
  auto ask = [this, slow] {
    return boost::asio::co_spawn(
        this->harness.io(), this->harness.cache().read(this->chat, this->at(3), slow, this->soon),
        boost::asio::use_future);
  };
  auto first = ask(), second = ask(), third = ask();
  for (auto* answer : {&first, &second, &third}) {
    while (answer->wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      this->harness.io().restart();
      this->harness.io().run_one_for(std::chrono::milliseconds(50));
    }
    EXPECT_EQ(answer->get().value_or(RecentPage{}), this->page(2, 3));
  }
  EXPECT_EQ(this->fills, 1);
}

REGISTER_TYPED_TEST_SUITE_P(RecentMessagesContract, is_filled_once_and_asked_afterwards,
                            a_chat_without_messages_is_known_to_have_none,
                            is_brought_forward_by_events, an_event_that_comes_again_changes_nothing,
                            a_message_read_before_its_event_is_there_once,
                            forgets_what_it_cannot_bring_forward,
                            events_of_chats_that_nobody_reads_are_not_kept,
                            an_older_state_does_not_replace_a_newer_one, forgets_after_five_minutes,
                            a_refusal_of_the_store_is_not_kept,
                            those_who_ask_at_once_read_the_store_once);

}  // namespace rubricon::ports::contract
