#include "good_history_test.hpp"

namespace rubricon::history {
namespace {

class HistoryText : public GoodHistory {};

TEST_F(HistoryText, tells_everything_in_order_of_time) {
  history.partials = {{"bob/1", "j", 2, {"a", "b"}, At(350)}};
  history.revocations = {{.session = "s-ann", .at = At(600)}};
  history.store.outbox_rows = 2;
  const auto text = to_text(history);
  std::size_t from = 0;
  for (const auto* part :
       {"ann/1 posts k1 to chat-1", "stored: chat-1 (1, 3) message ann k1", "ann/1 hears of k1: ok",
        "bob/1 has job j, attempt 2, from a and b", "the last fault has ended",
        "the socket of ann/1 gets chat-1 (1, 3), joined after (1, 2)",
        "bob/1 applies chat-1 (1, 6)", "session s-ann is revoked",
        "at the end chat-1 stands at (1, 6)", "at the end question 5 of chat-1 is done",
        "at the end 2 rows are in the outbox"}) {
    const auto at = text.find(part, from);
    ASSERT_NE(at, text.npos) << part << "\n" << text;
    from = at;
  }
}

TEST_F(HistoryText, differs_wherever_the_histories_do) {
  const auto good = to_text(history);
  EXPECT_EQ(to_text(history), good);
  auto other = history;
  other.applied.back().content = "#7";
  EXPECT_NE(to_text(other), good);
  other = history;
  other.heard.back().at += At(1);
  EXPECT_NE(to_text(other), good);
  other = history;
  other.store.jobs.back().state = Job::State::open;
  EXPECT_NE(to_text(other), good);
}

}  // namespace
}  // namespace rubricon::history
