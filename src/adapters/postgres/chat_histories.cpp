#include <rubricon/postgres/chat_histories.hpp>

#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/search_index.hpp>

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace rubricon::postgres {
namespace {

constexpr base::Milliseconds call_timeout{60'000};  // a long chat, not a user's patience
constexpr std::size_t all = std::numeric_limits<std::int64_t>::max();

domain::JobState job_state(std::string_view text) {
  using domain::JobState;
  for (const auto state : {JobState::queued, JobState::running, JobState::done, JobState::failed,
                           JobState::cancelled}) {
    if (text == domain::to_string(state)) return state;
  }
  throw Defect("a job has an unknown state");
}

Query chat_query(domain::ChatId chat) {
  static const std::string sql =
      fmt::format("SELECT {}, c.deleted_at FROM chats c WHERE c.id = $1", chat_columns);
  return query(sql, chat);
}

Query all_members_query(domain::ChatId chat) {
  return query("SELECT user_id, role, shared FROM chat_members WHERE chat_id = $1", chat);
}

Query shown_rubric_query(domain::ChatId chat) {
  return query("SELECT version FROM rubrics WHERE chat_id = $1", chat);
}

Query all_messages_query(domain::ChatId chat) {
  static const std::string sql =
      fmt::format("SELECT {} FROM messages m WHERE m.chat_id = $1 ORDER BY m.seq", message_columns);
  return query(sql, chat);
}

Query all_rubrics_query(domain::ChatId chat) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM rubric_versions v WHERE v.chat_id = $1 ORDER BY v.version", rubric_columns);
  return query(sql, chat);
}

Query all_jobs_query(domain::ChatId chat) {
  return query(
      "SELECT id, prompt_seq, variant, state, attempt, fence, queued_at FROM ai_jobs "
      "WHERE chat_id = $1 ORDER BY prompt_seq, variant",
      chat);
}

std::vector<domain::Event> events_in(const Answer& answer, domain::StreamId stream) {
  std::vector<domain::Event> events;
  events.reserve(answer.size());
  for (const auto row : answer) events.push_back(event_at(row, 0, stream));
  return events;
}

std::vector<ports::StoredJob> jobs_in(const Answer& answer, domain::ChatId chat) {
  std::vector<ports::StoredJob> jobs;
  for (const auto row : answer) {
    jobs.push_back({.job = {.id = row.id<domain::JobId>(0),
                            .chat = chat,
                            .prompt_seq = row.number<domain::Seq>(1),
                            .variant = static_cast<int>(row.integer(2)),
                            .state = job_state(row.view(3)),
                            .attempt = static_cast<int>(row.integer(4)),
                            .fence = row.number<domain::Fence>(5)},
                    .queued_at = row.time(6)});
  }
  return jobs;
}

/// Before the snapshot: a quarter that is detached after it would be missing without a word.
Query hold_quarters() {
  return query("LOCK TABLE ONLY messages, ONLY events IN ACCESS SHARE MODE");
}

Query spans_query(base::Uuid stream) {
  return query(
      "SELECT s.seq_first, s.seq_last FROM detached_spans s JOIN detached_quarters q "
      "ON q.quarter = s.quarter AND q.detached_at IS NOT NULL "
      "WHERE s.stream = $1 ORDER BY s.seq_first",
      stream);
}

/// What follows a hole between two spans is missing, not detached.
domain::Seq end_of_spans(const Answer& answer) {
  std::int64_t end = 0;
  for (const auto row : answer) {
    if (row.integer(0) != end + 1) break;
    end = row.integer(1);
  }
  return domain::Seq(end);
}

ports::StoredChat chat_in(const Row& row) {
  auto stored = chat_at(row, 0);
  return {.id = stored.id,
          .owner = stored.owner,
          .title = std::move(stored.title),
          .context = std::move(stored.context),
          .deleted = !row.null(chat_width),
          .head = {.epoch = stored.epoch, .seq = stored.last_seq},
          .updated_at = stored.updated_at,
          .members = {},
          .guests = {},
          .messages = {},
          .rubrics = {}};
}

}  // namespace

ChatHistories::ChatHistories(ConnectOptions options, const ports::Clock& clock)
    : options_(std::move(options)), clock_(clock) {
  options_.statement_timeout = call_timeout;
  connect();
  const auto answers = ask(together(query("SELECT to_regclass('schema_migrations') IS NOT NULL")));
  if (!answers.front().front().boolean(0)) throw OpenError("this is no database of Rubricon");
  const auto versions =
      ask(together(query("SELECT coalesce(max(version), 0) FROM schema_migrations")));
  const auto present = versions.front().front().integer(0);
  const int ours = migrations().back().version;
  const bool newer = present > ours;
  if (newer && ask(together(unusable_migrations(ours))).front().front().integer(0) == 0) return;
  if (present != ours) {
    throw OpenError(
        fmt::format("the database has schema version {}, this program reads {}", present, ours));
  }
}

ChatHistories::~ChatHistories() = default;

void ChatHistories::connect() {
  const auto deadline = base::Deadline::after(clock_.monotonic(), options_.connect_timeout);
  auto opened = boost::asio::co_spawn(io_, Connection::open(options_, &clock_, deadline),
                                      boost::asio::use_future);
  io_.restart();
  io_.run();
  connection_ = opened.get();
}

std::vector<Answer> ChatHistories::ask(std::vector<Query> queries) {
  if (!connection_->ready()) connect();
  const auto asked_for = static_cast<std::ptrdiff_t>(queries.size());
  auto whole = together(query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  for (const auto& setting : connection_->transaction_settings()) whole.push_back(setting);
  std::ranges::move(queries, std::back_inserter(whole));
  whole.push_back(query("COMMIT"));
  const auto deadline = base::Deadline::after(clock_.monotonic(), call_timeout);
  auto asked = boost::asio::co_spawn(io_, connection_->run(std::move(whole), deadline),
                                     boost::asio::use_future);
  io_.restart();
  io_.run();
  auto answers = asked.get();
  answers.pop_back();
  answers.erase(answers.begin(), answers.end() - asked_for);
  return answers;
}

std::vector<domain::ChatId> ChatHistories::chats(std::optional<domain::ChatId> after,
                                                 std::size_t limit) {
  const auto answers = ask(together(query("SELECT id FROM chats WHERE id > $1 ORDER BY id LIMIT $2",
                                          after.value_or(domain::ChatId()), limit)));
  std::vector<domain::ChatId> ids;
  for (const auto row : answers.front()) ids.push_back(row.id<domain::ChatId>(0));
  return ids;
}

std::optional<ports::ChatHistory> ChatHistories::read(domain::ChatId chat) {
  const domain::StreamId stream(chat);
  auto answers = ask(together(hold_quarters(), chat_query(chat), all_members_query(chat),
                              all_messages_query(chat), all_rubrics_query(chat),
                              shown_rubric_query(chat), events_query(stream, domain::Seq(0), all),
                              all_jobs_query(chat), spans_query(chat.uuid())));
  answers.erase(answers.begin());
  if (answers[0].empty()) return std::nullopt;
  ports::ChatHistory history{.chat = chat_in(answers[0].front()),
                             .events = events_in(answers[5], stream),
                             .gone_until = end_of_spans(answers[7]),
                             .jobs = jobs_in(answers[6], chat)};
  for (const auto row : answers[1]) {
    const auto user = row.id<domain::UserId>(0);
    history.chat.members.emplace(user, role_at(row, 1));
    if (row.boolean(2)) history.chat.guests.insert(user);
  }
  for (const auto row : answers[2]) {
    auto message = message_at(row, 0);
    const auto seq = message.seq;
    history.chat.messages.emplace(seq, std::move(message));
  }
  for (const auto row : answers[3]) {
    auto rubric = rubric_at(row, 0);
    const auto version = rubric.version;
    history.chat.rubrics.emplace(version, std::move(rubric));
  }
  for (const auto row : answers[4]) history.chat.rubric = row.number<domain::RubricVersion>(0);
  return history;
}

std::vector<domain::UserId> ChatHistories::users(std::optional<domain::UserId> after,
                                                 std::size_t limit) {
  const auto answers = ask(together(query("SELECT id FROM users WHERE id > $1 ORDER BY id LIMIT $2",
                                          after.value_or(domain::UserId()), limit)));
  std::vector<domain::UserId> ids;
  for (const auto row : answers.front()) ids.push_back(row.id<domain::UserId>(0));
  return ids;
}

std::optional<ports::UserHistory> ChatHistories::read(domain::UserId user) {
  const domain::StreamId stream(user);
  auto answers =
      ask(together(hold_quarters(), query("SELECT epoch, last_seq FROM users WHERE id = $1", user),
                   events_query(stream, domain::Seq(0), all), spans_query(user.uuid())));
  answers.erase(answers.begin());
  if (answers[0].empty()) return std::nullopt;
  const auto row = answers[0].front();
  return ports::UserHistory{
      .head = {.epoch = row.number<domain::Epoch>(0), .seq = row.number<domain::Seq>(1)},
      .events = events_in(answers[1], stream),
      .gone_until = end_of_spans(answers[2])};
}

std::vector<domain::Seq> ChatHistories::unsearchable(const ports::StoredChat& chat) {
  std::vector<domain::Seq> seqs;
  std::vector<std::string> terms;
  for (const auto& [seq, message] : chat.messages) {
    seqs.push_back(seq);
    terms.push_back(to_tsvector(message.content));
  }
  const auto answers =
      ask(together(query("SELECT 0::bigint WHERE $2::tsvector <> coalesce("
                         "(SELECT terms FROM chat_titles WHERE chat_id = $1), '')",
                         chat.id, to_tsvector(chat.title)),
                   query("SELECT a.seq FROM unnest($2, $3) AS a (seq, terms) "
                         "LEFT JOIN messages m ON m.chat_id = $1 AND m.seq = a.seq "
                         "WHERE a.terms::tsvector <> coalesce(m.terms, '') ORDER BY a.seq",
                         chat.id, seqs, terms)));
  std::vector<domain::Seq> missing;
  for (const auto& answer : answers) {
    for (const auto row : answer) missing.push_back(row.number<domain::Seq>(0));
  }
  return missing;
}

std::vector<domain::Event> ChatHistories::events(domain::StreamId stream, domain::Seq after,
                                                 std::size_t limit) {
  const auto answers = ask(together(events_query(stream, after, std::min(limit, all))));
  return events_in(answers.front(), stream);
}

std::size_t ChatHistories::waiting_since(base::Time before) {
  const auto answers =
      ask(together(query("SELECT count(*) FROM outbox WHERE created_at < $1", before)));
  return static_cast<std::size_t>(answers.front().front().integer(0));
}

}  // namespace rubricon::postgres
