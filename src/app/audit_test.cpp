#include <rubricon/app/audit.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace rubricon::app {
namespace {

using domain::EventType;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const domain::ChatId chat = domain::ChatId::parse("01a20607-7b4a-731a-8e35-0000000000c1").value();
const domain::UserId ann = domain::UserId::parse("01a20607-7b4a-731a-8e35-000000000001").value();
const auto now = base::time_from_unix_ms(1'795'384'115'123);

class FakeHistories final : public ports::ChatHistories {
 public:
  std::vector<domain::ChatId> chats(std::optional<domain::ChatId> after, std::size_t) override {
    return after ? std::vector<domain::ChatId>{} : std::vector{chat};
  }
  std::optional<ports::ChatHistory> read(domain::ChatId) override { return history; }
  std::vector<domain::UserId> users(std::optional<domain::UserId> after, std::size_t) override {
    return after ? std::vector<domain::UserId>{} : std::vector{ann};
  }
  std::optional<ports::UserHistory> read(domain::UserId) override { return user; }
  std::vector<domain::Seq> unsearchable(const ports::StoredChat&) override { return lost_words; }
  std::vector<domain::Event> events(domain::StreamId, domain::Seq, std::size_t) override {
    return history.events;
  }
  std::size_t waiting_since(base::Time before) override { return before < now ? waiting : 0; }

  ports::ChatHistory history;
  ports::UserHistory user;
  std::vector<domain::Seq> lost_words;
  std::size_t waiting = 0;
};

domain::Event event(std::int64_t seq, EventType type, std::string data) {
  return {.stream = domain::StreamId(chat),
          .epoch = domain::Epoch(1),
          .seq = domain::Seq(seq),
          .type = type,
          .at = now,
          .data = std::move(data),
          .audience = {},
          .trace = {}};
}

/// A chat with a question and its answer, as a store keeps it.
class Audit : public testing::Test {
 protected:
  Audit() {
    const auto message = [](const char* id, const char* more) {
      return R"({"id":"01a20607-7b4a-731a-8e35-0000000000)" + std::string(id) +
             R"(","time":"2026-11-22T21:48:35.123Z",)" + more + "}";
    };
    auto& [stored, events, gone_until, jobs] = store.history;
    events = {
        event(1, EventType::chat_created,
              R"({"title":"","context":{},"userId":")" + ann.to_string() + R"("})"),
        event(2, EventType::message_created,
              message("a1", R"("role":"USER","content":"secret?","clientId":"c-1")")),
        event(3, EventType::message_created,
              message("a2", R"("role":"AI","content":"secret!","replyTo":2)")),
    };
    jobs = {{.job = {.id = {},
                     .chat = chat,
                     .prompt_seq = domain::Seq(2),
                     .state = domain::JobState::done,
                     .fence = {}},
             .queued_at = now}};
    stored.id = chat;
    stored.head = {.epoch = domain::Epoch(1), .seq = domain::Seq(3)};
  }

  std::vector<std::string> verify() {
    said.clear();
    count = verify_store(store, now, {}, [this](const std::string& text) { said.push_back(text); });
    return said;
  }

  FakeHistories store;
  std::vector<std::string> said;
  AuditCount count;
};

TEST_F(Audit, a_sound_store_has_no_findings) {
  EXPECT_THAT(verify(), IsEmpty());
  EXPECT_EQ(count.chats, 1u);
  EXPECT_EQ(count.events, 3u);
  EXPECT_EQ(count.findings, 0u);
}

TEST_F(Audit, a_hole_in_the_stream_is_found) {
  store.history.events.erase(store.history.events.begin() + 1);
  EXPECT_THAT(verify(), testing::Contains(HasSubstr("rule 3")));
}

TEST_F(Audit, what_was_taken_out_of_the_store_is_no_hole_and_cannot_be_rebuilt) {
  auto& [stored, events, gone_until, jobs] = store.history;
  events.erase(events.begin(), events.begin() + 2);  // the question, and not its answer
  EXPECT_THAT(verify(), testing::Contains(HasSubstr("rule 3")));
  gone_until = domain::Seq(2);
  EXPECT_THAT(verify(), IsEmpty());
  EXPECT_EQ(count.begun_elsewhere, 1u);
  said.clear();
  compare_projections(store, [this](const std::string& text) { said.push_back(text); });
  EXPECT_THAT(said, IsEmpty());
  events.clear();
  EXPECT_THAT(verify(), testing::Contains(HasSubstr("rule 3"))) << "the third is missing";
  gone_until = domain::Seq(3);
  EXPECT_THAT(verify(), IsEmpty());
}

TEST_F(Audit, a_second_answer_is_found_and_nobodys_words_are_shown) {
  auto again = store.history.events.back();
  again.seq = domain::Seq(4);
  store.history.events.push_back(again);
  store.history.chat.head.seq = domain::Seq(4);
  EXPECT_THAT(verify(), ElementsAre(HasSubstr("rule 8")));
  EXPECT_THAT(said.front(), testing::Not(HasSubstr("secret")));
}

TEST_F(Audit, a_question_that_nobody_answers_is_found_once_it_is_old) {
  auto& [stored, events, gone_until, jobs] = store.history;
  events.pop_back();
  stored.head.seq = domain::Seq(2);
  jobs.front().job.state = domain::JobState::running;
  EXPECT_THAT(verify(), IsEmpty());
  jobs.front().queued_at = now - std::chrono::hours(1);
  EXPECT_THAT(verify(), ElementsAre(HasSubstr("rule 8")));
}

// Goal: a question whose job was never stored is seen, where the chat shows that it is one.
TEST_F(Audit, a_question_that_was_given_to_nobody_is_found) {
  auto& [stored, events, gone_until, jobs] = store.history;
  auto second = events[1];
  second.seq = domain::Seq(4);
  second.data.replace(second.data.find("a1"), 2, "a4");
  second.data.replace(second.data.find("c-1"), 3, "c-4");
  events.push_back(second);
  stored.head.seq = domain::Seq(4);
  EXPECT_THAT(verify(), ElementsAre(HasSubstr("the prompt at 4")));
  const auto asked = jobs.front();
  jobs.clear();
  EXPECT_THAT(verify(), ElementsAre(HasSubstr("the prompt at 2"))) << "also where nothing was";

  auto& text = events[3].data;
  text.insert(text.size() - 1, R"(,"meta":{"source":"import"})");
  jobs.push_back(asked);
  EXPECT_THAT(verify(), IsEmpty()) << "what was imported asks nobody";
}

TEST_F(Audit, a_hole_in_the_stream_of_a_user_is_found) {
  auto& [head, events, gone_until] = store.user;
  head = {.epoch = domain::Epoch(1), .seq = domain::Seq(2)};
  events = {event(2, EventType::chat_added, "{}")};
  EXPECT_THAT(verify(), ElementsAre(HasSubstr("rule 3 broken: user 01a20607")));
  EXPECT_EQ(count.users, 1u);
  gone_until = domain::Seq(1);
  EXPECT_THAT(verify(), IsEmpty());
}

TEST_F(Audit, an_outbox_that_nobody_empties_is_found) {
  store.waiting = 3;
  EXPECT_THAT(verify(), ElementsAre(HasSubstr("3 events wait")));
}

TEST_F(Audit, rows_that_are_not_what_the_log_says_are_found) {
  const auto compare = [&] {
    said.clear();
    compare_projections(store, [this](const std::string& text) { said.push_back(text); });
    return said;
  };
  EXPECT_THAT(compare(), testing::Contains(HasSubstr("message 2 is in the log")));
  store.lost_words = {domain::Seq(0), domain::Seq(3)};
  EXPECT_THAT(compare(), testing::IsSupersetOf({HasSubstr("search does not find its title"),
                                                HasSubstr("search does not find message 3")}));
  store.lost_words.clear();
  store.history.events[1].data = "{}";
  EXPECT_THAT(compare(), ElementsAre(HasSubstr("event 2: its field id")));
}

}  // namespace
}  // namespace rubricon::app
