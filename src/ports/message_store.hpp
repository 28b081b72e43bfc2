/// Messages enter the system here: the one write that the promise rests on (docs/guarantees.md).
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/domain/text.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::ports {

struct PostMessage {
  domain::UserId user;
  domain::ChatId chat;
  domain::MessageText content;
  /// Also stored with the message and sent back in its event as `clientId`.
  std::optional<domain::IdempotencyKey> key;
  std::string trace;
};

struct PostedMessage {
  domain::MessageId id;
  domain::Position position;
  base::Time at;

  bool operator==(const PostedMessage&) const = default;
};

/// Messages on a page at most.
inline constexpr std::size_t message_page_max = 100;

/// A page by seq, oldest first. Both bounds are exclusive; with neither, the newest `limit`.
struct MessageQuery {
  std::optional<domain::Seq> before;
  std::optional<domain::Seq> after;
  std::size_t limit = 20;  ///< 1..message_page_max
};

/// Whoever is not a member gets not_found; viewers get forbidden on writes.
/// Faults: throws base::Unavailable when the store cannot answer before `deadline`; a write may or
/// may not have been committed then, and the same key tells which.
class MessageStore {
 public:
  virtual ~MessageStore() = default;

  /// Stores the message, its message-created event, its AI job and its outbox row in one durable
  /// transaction, and resolves only after the commit. The seq is the next of the chat: no gaps,
  /// commit order. A chat whose context says `"ai": "off"` gets no job. The same key with the same
  /// chat and content answers what was stored the first time; with others, idempotency_mismatch.
  virtual base::Task<base::Result<PostedMessage>> post(PostMessage message,
                                                       base::Deadline deadline) = 0;

  /// Own USER messages only (forbidden otherwise, not_found if deleted): message-updated {id,
  /// content, editedAt}. A message that was a question to the AI is asked again in the same
  /// transaction, as the next variant of its job: an answer still to come is cancelled, one that
  /// was given stays. The same content again changes nothing.
  virtual base::Task<base::Result<domain::Message>> edit(domain::UserId user, domain::ChatId chat,
                                                         domain::MessageId message,
                                                         domain::MessageText content,
                                                         base::Deadline deadline) = 0;
  /// Own USER messages only: message-deleted {id}. An answer still to come is cancelled.
  virtual base::Task<base::Result<void>> remove(domain::UserId user, domain::ChatId chat,
                                                domain::MessageId message,
                                                base::Deadline deadline) = 0;

  /// Asks the assistant a question again that has been answered, or given up: one more answer or
  /// visible failure. Any writer of the chat may. Nobody is told but by `JobStore::due`. Returns
  /// the new job; not_found/"no_such_question" where `question` is not a person's message;
  /// conflict/"answer_pending" while an answer to it is still to come, and "assistant_off" where
  /// the chat has it switched off.
  virtual base::Task<base::Result<domain::JobId>> ask_again(domain::UserId user,
                                                            domain::ChatId chat,
                                                            domain::Seq question,
                                                            base::Deadline deadline) = 0;

  /// No more is to be written in answer to `question`. Any writer of the chat may; again it changes
  /// nothing. A job that nobody works at ends here, visibly: answer-failed with
  /// domain::stopped_code. One that is being answered is marked, and ends by its worker (see
  /// JobStore::stop_wanted), or by whoever claims it after that one. Returns the job;
  /// not_found/"no_such_question" as above, conflict/"nothing_to_stop" where no answer is to come.
  virtual base::Task<base::Result<domain::JobId>> stop_answer(domain::UserId user,
                                                              domain::ChatId chat,
                                                              domain::Seq question,
                                                              base::Deadline deadline) = 0;

  virtual base::Task<base::Result<std::vector<domain::Message>>> page(domain::UserId user,
                                                                      domain::ChatId chat,
                                                                      MessageQuery query,
                                                                      base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
