#include <rubricon/postgres/event_log.hpp>

#include <rubricon/postgres/failure.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace rubricon::postgres {

std::optional<std::string> unless_empty(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional(std::string(text));
}

ChatStream::ChatStream(Transaction* transaction, const domain::Chat& chat, std::string trace)
    : transaction_(transaction),
      chat_(chat.id),
      head_{chat.epoch, chat.last_seq},
      at_(std::max(transaction->now(), chat.updated_at)),
      trace_(std::move(trace)) {}

domain::Position ChatStream::append(domain::EventType type, std::string_view data,
                                    std::optional<domain::JobId> job) {
  head_.seq = next();
  transaction_->run("UPDATE chats SET last_seq = $2, updated_at = $3 WHERE id = $1", chat_,
                    head_.seq, at_);
  transaction_->run(
      "INSERT INTO events (stream, seq, epoch, type, created_at, data, audience, trace) "
      "VALUES ($1, $2, $3, $4, $5, $6, "
      "ARRAY(SELECT user_id FROM chat_members WHERE chat_id = $1 ORDER BY user_id), $7)",
      chat_, head_.seq, head_.epoch, std::string_view(domain::to_string(type)), at_, data,
      unless_empty(trace_));
  transaction_->run(
      "INSERT INTO outbox (stream, kind, seq, job, at, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
      chat_, chat_kind, head_.seq, job, at_, transaction_->now());
  transaction_->note_outbox();
  return head_;
}

void append_user_event(Transaction* transaction, domain::UserId user, domain::EventType type,
                       base::Time at, std::string_view data) {
  transaction->run(
      "WITH head AS (UPDATE users SET last_seq = last_seq + 1 WHERE id = $1 "
      "RETURNING epoch, last_seq), "
      "event AS (INSERT INTO events (stream, seq, epoch, type, created_at, data) "
      "SELECT $1, last_seq, epoch, $2, $3, $4 FROM head RETURNING seq) "
      "INSERT INTO outbox (stream, kind, seq, at, created_at) SELECT $1, $5, seq, $3, $6 FROM "
      "event",
      user, std::string_view(domain::to_string(type)), at, data, user_kind, transaction->now());
  transaction->note_outbox();
}

Query events_query(const domain::StreamId& stream, domain::Seq after, std::size_t limit) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM events e WHERE e.stream = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3",
      event_columns);
  return query(sql, stream.chat() ? stream.chat()->uuid() : stream.user()->uuid(), after, limit);
}

domain::Event event_at(const Row& row, int column, domain::StreamId stream) {
  const auto type = domain::parse_event_type(row.view(column + 2));
  if (!type) throw Defect("an event has an unknown type");
  domain::Event event{.stream = stream,
                      .epoch = row.number<domain::Epoch>(column + 1),
                      .seq = row.number<domain::Seq>(column),
                      .type = *type,
                      .at = row.time(column + 3),
                      .data = row.text(column + 4),
                      .audience = {},
                      .trace = row.text(column + 6)};
  for (const auto id : row.uuids(column + 5)) event.audience.emplace_back(id);
  return event;
}

}  // namespace rubricon::postgres
