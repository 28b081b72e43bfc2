#include <rubricon/rabbitmq/confirms.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rubricon::rabbitmq {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Answer = Confirms::Answer;
using Reach = Confirms::Reach;

TEST(ConfirmsTest, a_batch_is_settled_when_its_last_message_is) {
  Confirms confirms;
  EXPECT_EQ(confirms.expect(1, 2), 1u);
  EXPECT_EQ(confirms.expect(2, 1), 3u);
  EXPECT_EQ(confirms.open(), 3u);
  EXPECT_THAT(confirms.answer(2, Reach::one, Answer::ack), IsEmpty());
  EXPECT_THAT(confirms.answer(3, Reach::one, Answer::ack), ElementsAre(Settled{2, Verdict::taken}));
  EXPECT_THAT(confirms.answer(1, Reach::one, Answer::ack), ElementsAre(Settled{1, Verdict::taken}));
  EXPECT_EQ(confirms.open(), 0u);
}

TEST(ConfirmsTest, one_answer_can_settle_many) {
  Confirms confirms;
  confirms.expect(1, 2);
  confirms.expect(2, 2);
  confirms.expect(3, 2);
  EXPECT_THAT(confirms.answer(5, Reach::all_up_to, Answer::ack),
              ElementsAre(Settled{1, Verdict::taken}, Settled{2, Verdict::taken}));
  EXPECT_EQ(confirms.open(), 1u);
  EXPECT_EQ(confirms.expect(4, 1), 7u);
  EXPECT_THAT(confirms.answer(0, Reach::all_up_to, Answer::ack),
              ElementsAre(Settled{3, Verdict::taken}, Settled{4, Verdict::taken}));
}

TEST(ConfirmsTest, one_refused_message_refuses_its_batch) {
  Confirms confirms;
  confirms.expect(1, 3);
  confirms.expect(2, 1);
  confirms.answer(2, Reach::one, Answer::nack);
  EXPECT_THAT(confirms.answer(4, Reach::all_up_to, Answer::ack),
              ElementsAre(Settled{1, Verdict::refused}, Settled{2, Verdict::taken}));
}

TEST(ConfirmsTest, one_returned_message_returns_its_batch_although_it_is_acked) {
  Confirms confirms;
  confirms.expect(1, 2);
  confirms.returned(2);
  confirms.answer(1, Reach::one, Answer::ack);
  EXPECT_THAT(confirms.answer(2, Reach::one, Answer::ack),
              ElementsAre(Settled{1, Verdict::returned}));
}

TEST(ConfirmsTest, ignores_tags_that_it_does_not_expect) {
  Confirms confirms;
  EXPECT_THAT(confirms.answer(1, Reach::one, Answer::ack), IsEmpty());
  EXPECT_THAT(confirms.answer(0, Reach::all_up_to, Answer::ack), IsEmpty());
  confirms.expect(1, 2);
  confirms.returned(9);
  EXPECT_THAT(confirms.answer(3, Reach::all_up_to, Answer::ack), IsEmpty());
  EXPECT_THAT(confirms.answer(1, Reach::one, Answer::ack), IsEmpty());
  EXPECT_THAT(confirms.answer(1, Reach::one, Answer::ack), IsEmpty());
  confirms.returned(1);
  EXPECT_EQ(confirms.open(), 1u);
  EXPECT_THAT(confirms.answer(2, Reach::one, Answer::ack), ElementsAre(Settled{1, Verdict::taken}));
}

}  // namespace
}  // namespace rubricon::rabbitmq
