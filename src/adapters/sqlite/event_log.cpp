#include <rubricon/sqlite/event_log.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <utility>

namespace rubricon::sqlite {
namespace {

constexpr int chat_kind = 0;
constexpr int user_kind = 1;
constexpr std::size_t id_bytes = 16;

std::optional<std::string> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

/// The ids of the chat's members, 16 bytes each, sorted.
std::vector<std::uint8_t> audience_of(Connection& db, domain::ChatId chat) {
  auto row = db.query("SELECT user_id FROM chat_members WHERE chat_id = ? ORDER BY user_id", chat);
  std::vector<std::uint8_t> ids;
  while (row.step()) {
    const auto id = row.blob(0);
    ids.insert(ids.end(), id.begin(), id.end());
  }
  return ids;
}

}  // namespace

void store_chat_event(Connection& db, domain::ChatId chat, domain::Position position,
                      domain::EventType type, base::Time at, std::string_view data,
                      std::string_view trace) {
  db.run(
      "INSERT INTO events (stream, seq, epoch, type, at, data, audience, trace) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      chat, position.seq, position.epoch, domain::to_string(type), at, data, audience_of(db, chat),
      unless_empty(trace));
}

domain::Position store_user_event(Connection& db, domain::UserId user, domain::EventType type,
                                  base::Time at, std::string_view data) {
  domain::Position head;
  {
    auto row = db.query(
        "UPDATE users SET last_seq = last_seq + 1 WHERE id = ? RETURNING epoch, last_seq", user);
    if (!row.step()) throw Defect("event for a user who does not exist");
    head = {row.number<domain::Epoch>(0), row.number<domain::Seq>(1)};
    row.step();
  }
  db.run("INSERT INTO events (stream, seq, epoch, type, at, data) VALUES (?, ?, ?, ?, ?, ?)", user,
         head.seq, head.epoch, domain::to_string(type), at, data);
  return head;
}

ChatStream::ChatStream(Transaction& transaction, const domain::Chat& chat, std::string trace)
    : transaction_(transaction),
      chat_(chat.id),
      head_{chat.epoch, chat.last_seq},
      at_(std::max(transaction.now(), chat.updated_at)),
      trace_(std::move(trace)) {}

domain::Position ChatStream::append(domain::EventType type, std::string_view data,
                                    std::optional<domain::JobId> job) {
  Connection& db = transaction_.db;
  head_.seq = next();
  db.run("UPDATE chats SET last_seq = ?2, updated_at = ?3 WHERE id = ?1", chat_, head_.seq, at_);
  store_chat_event(db, chat_, head_, type, at_, data, trace_);
  db.run("INSERT INTO outbox (id, stream, kind, seq, job, created_at) VALUES (?, ?, ?, ?, ?, ?)",
         transaction_.next_outbox_id(), chat_, chat_kind, head_.seq, job, transaction_.now());
  return head_;
}

domain::Position append_user_event(Transaction& transaction, domain::UserId user,
                                   domain::EventType type, base::Time at, std::string_view data) {
  Connection& db = transaction.db;
  const auto head = store_user_event(db, user, type, at, data);
  db.run("INSERT INTO outbox (id, stream, kind, seq, created_at) VALUES (?, ?, ?, ?, ?)",
         transaction.next_outbox_id(), user, user_kind, head.seq, transaction.now());
  return head;
}

Statement events_after(Connection& db, const domain::StreamId& stream, domain::Seq after,
                       std::size_t limit) {
  static const std::string sql =
      fmt::format("SELECT {} FROM events e WHERE e.stream = ? AND e.seq > ? ORDER BY e.seq LIMIT ?",
                  event_columns);
  const base::Uuid id = stream.chat() ? stream.chat()->uuid() : stream.user()->uuid();
  return db.query(sql, domain::ChatId(id), after, limit);
}

domain::Event event_at(const Statement& row, int column, domain::StreamId stream) {
  const auto type = domain::parse_event_type(row.view(column + 2));
  RUBRICON_ASSERT(type.has_value());
  domain::Event event{.stream = stream,
                      .epoch = row.number<domain::Epoch>(column + 1),
                      .seq = row.number<domain::Seq>(column),
                      .type = *type,
                      .at = row.time(column + 3),
                      .data = row.text(column + 4),
                      .audience = {},
                      .trace = row.text(column + 6)};
  const auto ids = row.blob(column + 5);
  for (std::size_t i = 0; i + id_bytes <= ids.size(); i += id_bytes) {
    std::array<std::uint8_t, id_bytes> id{};
    std::ranges::copy(ids.subspan(i, id_bytes), id.begin());
    event.audience.emplace_back(base::Uuid(id));
  }
  return event;
}

}  // namespace rubricon::sqlite
