#include <rubricon/ports/answer_cache.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace rubricon::ports {
namespace {

AnswerQuestion question() {
  AnswerQuestion q{.user = domain::UserId(base::Uuid::v7(1, {})),
                   .model = {.name = "m", .prompt_version = "1"},
                   .request = {.message = "ab"}};
  q.request.history.push_back({.content = "h"});
  return q;
}

TEST(AnswerQuestion, whatever_an_answer_depends_on_makes_another_question) {
  const std::vector<std::function<void(AnswerQuestion&)>> changes = {
      [](auto&) {},
      [](auto& q) { q.user = domain::UserId(base::Uuid::v7(2, {})); },
      [](auto& q) { q.model.name = "n"; },
      [](auto& q) { q.model.prompt_version = "2"; },
      [](auto& q) { q.request.message = "a"; },
      [](auto& q) { q.request.context = R"({"b":1})"; },
      [](auto& q) { q.request.rubric = ""; },
      [](auto& q) { q.request.rubric = "{}"; },
      [](auto& q) { q.request.previous_rubric = "{}"; },
      [](auto& q) { q.request.locale = domain::Locale::en; },
      [](auto& q) { q.request.history.clear(); },
      [](auto& q) { q.request.history[0].role = domain::MessageRole::ai; },
      [](auto& q) { q.request.history[0].content = "hh"; },
      [](auto& q) { q.request.history.push_back({.content = "h"}); },
  };
  std::set<std::string> texts;
  for (const auto& change : changes) {
    auto changed = question();
    change(changed);
    texts.insert(canonical_text(changed));
  }
  EXPECT_EQ(texts.size(), changes.size());
}

TEST(AnswerQuestion, when_and_where_it_was_asked_makes_no_other) {
  auto again = question();
  again.request.history[0].chat = domain::ChatId(base::Uuid::v7(9, {}));
  again.request.history[0].seq = domain::Seq(9);
  EXPECT_EQ(canonical_text(again), canonical_text(question()));
}

}  // namespace
}  // namespace rubricon::ports
