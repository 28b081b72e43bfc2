/// How a write leaves its trace: the next number of a stream, the event, the outbox row.
#pragma once

#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/postgres/transaction.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::postgres {

/// `kind` of an outbox row.
inline constexpr int chat_kind = 0;
inline constexpr int user_kind = 1;

/// The stream of one chat inside one transaction, which holds the chat's lock: gives out its
/// numbers and times, in order. What it writes is kept back until the transaction's next call.
class ChatStream {
 public:
  /// `chat` is as this transaction sees it now. `trace` goes with every event.
  ChatStream(Transaction* transaction, const domain::Chat& chat, std::string trace);

  /// The time of this change: now, but never before the chat's newest event.
  base::Time at() const { return at_; }
  domain::Seq next() const { return head_.seq.next(); }

  /// Appends the event with its audience (the members as the transaction has them) and its outbox
  /// row, and moves the chat's head. `job`: the prompt wants this answer.
  domain::Position append(domain::EventType type, std::string_view data,
                          std::optional<domain::JobId> job = {});

 private:
  Transaction* transaction_;
  domain::ChatId chat_;
  domain::Position head_;
  base::Time at_;
  std::string trace_;
};

/// Appends to a user's stream; kept back as above. The user exists. Users come after chats and in
/// the order of their ids, so that no two transactions wait for each other.
void append_user_event(Transaction* transaction, domain::UserId user, domain::EventType type,
                       base::Time at, std::string_view data);

/// Null in the database.
std::optional<std::string> unless_empty(std::string_view text);

/// An event as stored; columns from `column` on.
inline constexpr const char* event_columns =
    "e.seq, e.epoch, e.type, e.created_at, e.data, e.audience, e.trace";
/// The events of a stream after `after`, in order, at most `limit`; read by event_at.
Query events_query(const domain::StreamId& stream, domain::Seq after, std::size_t limit);
/// Throws Defect where the row is not what we wrote.
domain::Event event_at(const Row& row, int column, domain::StreamId stream);

}  // namespace rubricon::postgres
