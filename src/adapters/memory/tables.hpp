/// What a Database has committed: rows as plain values, sorted by their keys, so that whoever reads
/// them in order reads the same order in every run.
#pragma once

#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/ports/session_store.hpp>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace rubricon::memory {

struct UserRow {
  domain::User user;
  std::string password_hash;
  domain::Position head;  ///< of the user's stream
};

/// A refresh family.
struct SessionRow {
  domain::SessionId id;
  domain::UserId user;
  base::Time opened_at;
  base::Time expires_at;
  std::optional<base::Time> revoked_at;
};

/// The current token of a family has no successor.
struct TokenRow {
  domain::SessionId session;
  std::optional<ports::TokenHash> successor;
  std::optional<base::Time> replaced_at;
};

struct ChatRow {
  domain::Chat chat;  ///< `updated_at` is the time of its newest event
  std::optional<base::Time> deleted_at;

  domain::Position head() const { return {chat.epoch, chat.last_seq}; }
};

using MemberKey = std::pair<domain::ChatId, domain::UserId>;

struct MemberRow {
  domain::ChatId chat;
  domain::UserId user;
  domain::MemberRole role = domain::MemberRole::viewer;
  domain::Seq last_read;
  bool pinned = false;
};

using MessageKey = std::pair<domain::ChatId, domain::Seq>;
using EventKey = std::pair<domain::StreamId, domain::Seq>;

/// What is not yet with the broker: the name of an event.
struct OutboxEntry {
  ports::OutboxId id;
  EventKey event;
  std::optional<domain::JobId> job;
  base::Time created_at;
  std::optional<base::Instant> claimed_until;
};

/// A request with an idempotency key, by whom and to which call.
struct ResponseKey {
  domain::UserId user;
  std::string call;
  std::string key;

  auto operator<=>(const ResponseKey&) const = default;
};

struct ResponseRow {
  std::string request;  ///< no two different requests have the same
  std::variant<domain::Chat, ports::PostedMessage> response;
  base::Time expires_at;
};

struct JobKey {
  domain::ChatId chat;
  domain::Seq prompt;
  int variant = 0;

  auto operator<=>(const JobKey&) const = default;
};

struct JobRow {
  domain::AiJob job;
  base::Time queued_at;
  std::optional<base::Time> lease_until;  ///< while running
  std::optional<domain::Seq> answer;      ///< of the answer, or of the event that says it failed
  bool stopped = false;                   ///< somebody wants no more of it

  bool open() const {
    return job.state == domain::JobState::queued || job.state == domain::JobState::running;
  }
};

using RubricKey = std::pair<domain::ChatId, domain::RubricVersion>;

struct Tables {
  std::map<domain::UserId, UserRow> users;
  std::map<std::string, domain::UserId> emails;
  std::map<domain::SessionId, SessionRow> sessions;
  std::map<ports::TokenHash, TokenRow> tokens;
  std::map<domain::ChatId, ChatRow> chats;
  std::map<MemberKey, MemberRow> members;
  std::map<MessageKey, domain::Message> messages;
  std::map<EventKey, domain::Event> events;
  std::map<ports::OutboxId, OutboxEntry> outbox;
  std::map<ResponseKey, ResponseRow> responses;
  std::map<JobKey, JobRow> jobs;
  std::map<domain::JobId, JobKey> job_keys;
  std::map<RubricKey, domain::RubricRecord> rubrics;
};

}  // namespace rubricon::memory
