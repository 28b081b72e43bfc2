/// How a write leaves its trace: the next number of a stream, the event, the outbox row.
#pragma once

#include <rubricon/memory/transaction.hpp>

#include <optional>
#include <string>

namespace rubricon::memory {

/// The stream of a chat that `transaction` holds: gives out its numbers and times, in order.
class ChatStream {
 public:
  /// `trace` goes with every event.
  ChatStream(Transaction& transaction, domain::ChatId chat, std::string trace);

  /// The time of this change: now, but never before the chat's newest event.
  base::Time at() const { return at_; }
  domain::Seq next() const;

  /// Appends the event with its audience (the members as they are now) and its outbox row, and
  /// moves the chat's head. `job`: what can be worked on from now on.
  domain::Position append(domain::EventType type, std::string data,
                          std::optional<domain::JobId> job = {});

 private:
  Transaction& transaction_;
  domain::ChatId chat_;
  base::Time at_;
  std::string trace_;
};

/// Appends to the stream of a user whom `transaction` holds.
void append_user_event(Transaction& transaction, domain::UserId user, domain::EventType type,
                       base::Time at, std::string data);

}  // namespace rubricon::memory
