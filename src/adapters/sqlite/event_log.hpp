/// How a write leaves its trace: the next number of a stream, the event, the outbox row.
#pragma once

#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/sqlite/transaction.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::sqlite {

/// The stream of one chat inside one transaction: gives out its numbers and times, in order.
class ChatStream {
 public:
  /// `chat` is as this transaction sees it now. `trace` goes with every event.
  ChatStream(Transaction& transaction, const domain::Chat& chat, std::string trace);

  /// The time of this change: now, but never before the chat's newest event.
  base::Time at() const { return at_; }
  domain::Seq next() const { return head_.seq.next(); }
  domain::Position head() const { return head_; }

  /// Appends the event with its audience (the members as they are now) and its outbox row, and
  /// moves the chat's head. `job`: the prompt wants this answer.
  domain::Position append(domain::EventType type, std::string_view data,
                          std::optional<domain::JobId> job = {});

 private:
  Transaction& transaction_;
  domain::ChatId chat_;
  domain::Position head_;
  base::Time at_;
  std::string trace_;
};

/// Stores an event of a chat, with its members as they are now for audience, where no relay is to
/// hand it on. The chat's head stays where it is.
void store_chat_event(Connection& db, domain::ChatId chat, domain::Position position,
                      domain::EventType type, base::Time at, std::string_view data,
                      std::string_view trace);
/// Appends to a user's stream where no relay is to hand it on. The user exists.
domain::Position store_user_event(Connection& db, domain::UserId user, domain::EventType type,
                                  base::Time at, std::string_view data);

/// Appends to a user's stream. The user exists.
domain::Position append_user_event(Transaction& transaction, domain::UserId user,
                                   domain::EventType type, base::Time at, std::string_view data);

/// An event as stored; columns `seq, epoch, type, at, data, audience, trace` from `column` on.
inline constexpr const char* event_columns =
    "e.seq, e.epoch, e.type, e.at, e.data, e.audience, e.trace";
/// The rows of a stream's events after `after`, in order, at most `limit`; read by event_at.
Statement events_after(Connection& db, const domain::StreamId& stream, domain::Seq after,
                       std::size_t limit);
domain::Event event_at(const Statement& row, int column, domain::StreamId stream);

}  // namespace rubricon::sqlite
