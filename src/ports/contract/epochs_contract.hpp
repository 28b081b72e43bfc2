/// What every Epochs must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

namespace rubricon::ports::contract {

class EpochsContract : public StoreContract {
 protected:
  domain::Position head(domain::StreamId stream) {
    return run(harness->events().read({.stream = stream, .after = domain::Seq(0)}, soon())).head;
  }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(EpochsContract);

TEST_P(EpochsContract, every_stream_begins_a_new_one_and_numbers_go_on) {
  const auto owner = make_user("owner");
  const auto other = make_user("other");
  const auto chat = make_chat(owner);
  const auto quiet = make_chat(other);
  const auto before = post(owner, chat, "before").position;

  EXPECT_EQ(run(harness->epochs().begin_new(soon())), 4) << "two chats, two users";

  const domain::Epoch next(before.epoch.value() + 1);
  EXPECT_EQ(head(domain::StreamId(chat.id)), (domain::Position{next, before.seq}));
  for (const domain::StreamId stream :
       {domain::StreamId(quiet.id), domain::StreamId(owner.id), domain::StreamId(other.id)}) {
    EXPECT_EQ(head(stream).epoch, next);
  }
  const auto after = post(owner, chat, "after").position;
  EXPECT_EQ(after, (domain::Position{next, before.seq.next()}));
  const auto page = run(harness->events().read(
      {.stream = domain::StreamId(chat.id), .after = domain::Seq(0)}, soon()));
  EXPECT_EQ(page.events.back().epoch, next);
  EXPECT_EQ(page.events.front().epoch, before.epoch) << "what is written stays as it is";
}

TEST_P(EpochsContract, where_there_is_no_stream_there_is_nothing_to_do) {
  EXPECT_EQ(run(harness->epochs().begin_new(soon())), 0);
}

}  // namespace rubricon::ports::contract
