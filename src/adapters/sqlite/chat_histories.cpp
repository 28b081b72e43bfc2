#include <rubricon/sqlite/chat_histories.hpp>

#include <rubricon/sqlite/database.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/migrations.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/search_index.hpp>

#include <fmt/format.h>

#include <array>
#include <limits>

namespace rubricon::sqlite {
namespace {

constexpr base::Milliseconds busy_timeout{5'000};
constexpr std::size_t all = std::numeric_limits<std::int64_t>::max();

const std::filesystem::path& existing(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw OpenError(fmt::format("there is no database at {}", path.string()));
  }
  return path;
}

domain::JobState job_state(std::string_view text) {
  using domain::JobState;
  for (const auto state : {JobState::queued, JobState::running, JobState::done, JobState::failed,
                           JobState::cancelled}) {
    if (text == domain::to_string(state)) return state;
  }
  throw Defect("a job has an unknown state");
}

void read_rows(Connection& db, ports::StoredChat& chat) {
  auto member =
      db.query("SELECT user_id, role, shared FROM chat_members WHERE chat_id = ?", chat.id);
  while (member.step()) {
    const auto user = member.id<domain::UserId>(0);
    chat.members.emplace(user, role_at(member, 1));
    if (member.integer(2) != 0) chat.guests.insert(user);
  }

  auto shown = db.query("SELECT version FROM rubrics WHERE chat_id = ?", chat.id);
  if (shown.step()) chat.rubric = shown.number<domain::RubricVersion>(0);

  static const std::string messages =
      fmt::format("SELECT {} FROM messages m WHERE m.chat_id = ? ORDER BY m.seq", message_columns);
  auto message = db.query(messages, chat.id);
  while (message.step()) {
    auto row = message_at(message, 0);
    const auto seq = row.seq;
    chat.messages.emplace(seq, std::move(row));
  }

  static const std::string rubrics = fmt::format(
      "SELECT {} FROM rubric_versions v WHERE v.chat_id = ? ORDER BY v.version", rubric_columns);
  auto rubric = db.query(rubrics, chat.id);
  while (rubric.step()) {
    auto row = rubric_at(rubric, 0);
    const auto version = row.version;
    chat.rubrics.emplace(version, std::move(row));
  }
}

std::vector<domain::Event> read_events(Connection& db, domain::StreamId stream, domain::Seq after,
                                       std::size_t limit) {
  auto row = events_after(db, stream, after, limit);
  std::vector<domain::Event> events;
  while (row.step()) events.push_back(event_at(row, 0, stream));
  return events;
}

std::vector<ports::StoredJob> read_jobs(Connection& db, domain::ChatId chat) {
  auto row = db.query(
      "SELECT id, prompt_seq, variant, state, attempt, fence, queued_at FROM ai_jobs "
      "WHERE chat_id = ? ORDER BY prompt_seq, variant",
      chat);
  std::vector<ports::StoredJob> jobs;
  while (row.step()) {
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

}  // namespace

ChatHistories::ChatHistories(const std::filesystem::path& path)
    : db_(existing(path), busy_timeout) {
  db_.execute("PRAGMA query_only = ON");
  require_schema(db_, migrations());
}

std::vector<domain::ChatId> ChatHistories::chats(std::optional<domain::ChatId> after,
                                                 std::size_t limit) {
  constexpr std::array<std::uint8_t, 16> nobody{};
  const auto from = after ? after->uuid().bytes() : nobody;
  auto row = db_.query("SELECT id FROM chats WHERE id > ? ORDER BY id LIMIT ?", from, limit);
  std::vector<domain::ChatId> ids;
  while (row.step()) ids.push_back(row.id<domain::ChatId>(0));
  return ids;
}

std::optional<ports::ChatHistory> ChatHistories::read(domain::ChatId chat) {
  const Snapshot snapshot(db_);
  static const std::string sql =
      fmt::format("SELECT {}, c.deleted_at FROM chats c WHERE c.id = ?", chat_columns);
  auto row = db_.query(sql, chat);
  if (!row.step()) return std::nullopt;
  const auto stored = chat_at(row, 0);
  ports::ChatHistory history{
      .chat = {.id = stored.id,
               .owner = stored.owner,
               .title = stored.title,
               .context = stored.context,
               .deleted = !row.null(chat_width),
               .head = {.epoch = stored.epoch, .seq = stored.last_seq},
               .updated_at = stored.updated_at,
               .members = {},
               .guests = {},
               .messages = {},
               .rubrics = {}},
      .events = read_events(db_, domain::StreamId(chat), domain::Seq(0), all),
      .jobs = read_jobs(db_, chat)};
  read_rows(db_, history.chat);
  return history;
}

std::vector<domain::UserId> ChatHistories::users(std::optional<domain::UserId> after,
                                                 std::size_t limit) {
  auto row = db_.query("SELECT id FROM users WHERE id > ? ORDER BY id LIMIT ?",
                       after.value_or(domain::UserId()), limit);
  std::vector<domain::UserId> ids;
  while (row.step()) ids.push_back(row.id<domain::UserId>(0));
  return ids;
}

std::optional<ports::UserHistory> ChatHistories::read(domain::UserId user) {
  const Snapshot snapshot(db_);
  auto row = db_.query("SELECT epoch, last_seq FROM users WHERE id = ?", user);
  if (!row.step()) return std::nullopt;
  return ports::UserHistory{
      .head = {.epoch = row.number<domain::Epoch>(0), .seq = row.number<domain::Seq>(1)},
      .events = read_events(db_, domain::StreamId(user), domain::Seq(0), all)};
}

std::vector<domain::Seq> ChatHistories::unsearchable(const ports::StoredChat& chat) {
  std::vector<domain::Seq> missing;
  const auto look = [&](domain::Seq document, std::string_view text) {
    if (!is_found(db_, chat.id, document, text)) missing.push_back(document);
  };
  look(domain::Seq(0), chat.title);
  for (const auto& [seq, message] : chat.messages) look(seq, message.content);
  return missing;
}

std::vector<domain::Event> ChatHistories::events(domain::StreamId stream, domain::Seq after,
                                                 std::size_t limit) {
  return read_events(db_, stream, after, limit);
}

std::size_t ChatHistories::waiting_since(base::Time before) {
  auto row = db_.query("SELECT count(*) FROM outbox WHERE created_at < ?", before);
  row.step();
  return static_cast<std::size_t>(row.integer(0));
}

}  // namespace rubricon::sqlite
