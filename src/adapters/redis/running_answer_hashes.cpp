#include <rubricon/redis/running_answer_hashes.hpp>

#include <rubricon/redis/scripts.hpp>

#include <charconv>
#include <optional>
#include <utility>

namespace rubricon::redis {
namespace {

constexpr const char* answer_prefix = "answer:";

std::string key_of(domain::JobId job) {
  return answer_prefix + job.to_string();
}

std::string key_of(domain::ChatId chat) {
  return "chat:" + chat.to_string() + ":answers";
}

template <typename Number>
bool read_number(const Reply& reply, Number& number) {
  if (!reply.text()) return false;
  const auto& text = *reply.text();
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end;
}

/// nullopt for what is not one of ours.
std::optional<ports::RunningAnswer> read_answer(domain::ChatId chat, const Reply& reply) {
  const auto* parts = reply.list();
  if (!parts || parts->size() != 4 || !(*parts)[0].text() || !(*parts)[3].text()) {
    return std::nullopt;
  }
  const auto job = domain::JobId::parse(*(*parts)[0].text());
  std::int64_t reply_to = 0;
  int attempt = 0;
  if (!job || !read_number((*parts)[1], reply_to) || !read_number((*parts)[2], attempt)) {
    return std::nullopt;
  }
  return ports::RunningAnswer{.chat = chat,
                              .job = *job,
                              .reply_to = domain::Seq(reply_to),
                              .attempt = attempt,
                              .text = *(*parts)[3].text()};
}

}  // namespace

RunningAnswerHashes::RunningAnswerHashes(Connection& connection)
    : connection_(connection),
      update_(connection, scripts::running_update),
      of_chat_(connection, scripts::running_of_chat) {}

base::Task<void> RunningAnswerHashes::update(ports::RunningAnswer answer, base::Deadline deadline) {
  std::vector<std::string> keys{key_of(answer.job), key_of(answer.chat)};
  std::vector<std::string> words{
      answer.job.to_string(),         std::to_string(answer.reply_to.value()),
      std::to_string(answer.attempt), std::move(answer.text),
      std::to_string(ttl.count()),    std::to_string(answers_max)};
  co_await update_.run(std::move(keys), std::move(words), deadline);
}

base::Task<void> RunningAnswerHashes::remove(domain::JobId job, base::Deadline deadline) {
  co_await connection_.call(Command{"DEL", key_of(job)}, deadline);
}

base::Task<std::vector<ports::RunningAnswer>> RunningAnswerHashes::of_chat(
    domain::ChatId chat, base::Deadline deadline) {
  const auto reply = co_await of_chat_.run({key_of(chat)}, {answer_prefix}, deadline);
  std::vector<ports::RunningAnswer> running;
  if (!reply.list()) co_return running;
  for (const auto& entry : *reply.list()) {
    if (auto answer = read_answer(chat, entry)) running.push_back(std::move(*answer));
  }
  co_return running;
}

}  // namespace rubricon::redis
