#include <rubricon/sqlite/chat_histories.hpp>

#include <rubricon/sqlite/database.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/migrations.hpp>
#include <rubricon/sqlite/rows.hpp>

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
  for (const auto& member : members_of(db, chat.id)) chat.members.emplace(member.user, member.role);

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
               .members = {},
               .messages = {},
               .rubrics = {}},
      .events = read_events(db_, domain::StreamId(chat), domain::Seq(0), all),
      .jobs = read_jobs(db_, chat)};
  read_rows(db_, history.chat);
  return history;
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
