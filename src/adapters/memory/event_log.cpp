#include <rubricon/memory/event_log.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/memory/chat_rows.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {
namespace {

void store(Transaction& transaction, domain::Event event, std::optional<domain::JobId> job) {
  const EventKey key(event.stream, event.seq);
  transaction.rows.events.put(key, std::move(event));
  const auto id = transaction.draw_outbox_id();
  transaction.rows.outbox.put(
      id,
      {.id = id, .event = key, .job = job, .created_at = transaction.now(), .claimed_until = {}});
}

}  // namespace

ChatStream::ChatStream(Transaction& transaction, domain::ChatId chat, std::string trace)
    : transaction_(transaction),
      chat_(chat),
      at_(std::max(transaction.now(), transaction.rows.chats.find(chat)->chat.updated_at)),
      trace_(std::move(trace)) {
  RUBRICON_ASSERT(transaction.holds(chat));
}

domain::Seq ChatStream::next() const {
  return transaction_.rows.chats.find(chat_)->chat.last_seq.next();
}

domain::Position ChatStream::append(domain::EventType type, std::string data,
                                    std::optional<domain::JobId> job) {
  ChatRow row = *transaction_.rows.chats.find(chat_);
  row.chat.last_seq = row.chat.last_seq.next();
  row.chat.updated_at = at_;
  const auto head = row.head();
  transaction_.rows.chats.put(chat_, std::move(row));
  domain::Event event{.stream = domain::StreamId(chat_),
                      .epoch = head.epoch,
                      .seq = head.seq,
                      .type = type,
                      .at = at_,
                      .data = std::move(data),
                      .audience = {},
                      .trace = trace_};
  for (const auto* const member : members_in(transaction_.rows, chat_)) {
    event.audience.push_back(member->user);
  }
  store(transaction_, std::move(event), job);
  return head;
}

void append_user_event(Transaction& transaction, domain::UserId user, domain::EventType type,
                       base::Time at, std::string data) {
  RUBRICON_ASSERT(transaction.holds(user));
  UserRow row = *transaction.rows.users.find(user);
  row.head.seq = row.head.seq.next();
  const auto head = row.head;
  transaction.rows.users.put(user, std::move(row));
  store(transaction,
        {.stream = domain::StreamId(user),
         .epoch = head.epoch,
         .seq = head.seq,
         .type = type,
         .at = at,
         .data = std::move(data),
         .audience = {},
         .trace = {}},
        {});
}

}  // namespace rubricon::memory
