/// Ports that pass everything on, unless the bug that lives in them is chosen
/// (base/seeded_bug.hpp).
#pragma once

#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/outbox.hpp>

namespace rubricon::sim {

/// `cursor_relay`: rows with smaller ids than the last one seen were late, and are passed over.
class BugOutbox final : public ports::Outbox {
 public:
  explicit BugOutbox(ports::Outbox& real) : real_(real) {}

  base::Task<std::vector<ports::OutboxRow>> claim(std::size_t limit, base::Milliseconds lease,
                                                  base::Deadline deadline) override;
  base::Task<void> erase(std::vector<ports::OutboxId> ids, base::Deadline deadline) override {
    return real_.erase(std::move(ids), deadline);
  }
  base::Task<void> release(std::vector<ports::OutboxId> ids, base::Deadline deadline) override {
    return real_.release(std::move(ids), deadline);
  }
  base::Task<base::Milliseconds> oldest_age(base::Deadline deadline) override {
    return real_.oldest_age(deadline);
  }
  void on_commit(std::function<void()> poke) override { real_.on_commit(std::move(poke)); }

 private:
  ports::Outbox& real_;
  ports::OutboxId cursor_;
};

/// `publish_before_commit`: the broker hears first.
class BugMessages final : public ports::MessageStore {
 public:
  BugMessages(ports::MessageStore& real, ports::ChatStore& chats, ports::EventBus& bus,
              const ports::Clock& clock)
      : real_(real), chats_(chats), bus_(bus), clock_(clock) {}

  base::Task<base::Result<ports::PostedMessage>> post(ports::PostMessage message,
                                                      base::Deadline deadline) override;
  base::Task<base::Result<domain::Message>> edit(domain::UserId user, domain::ChatId chat,
                                                 domain::MessageId message,
                                                 domain::MessageText content,
                                                 base::Deadline deadline) override {
    return real_.edit(user, chat, message, std::move(content), deadline);
  }
  base::Task<base::Result<void>> remove(domain::UserId user, domain::ChatId chat,
                                        domain::MessageId message,
                                        base::Deadline deadline) override {
    return real_.remove(user, chat, message, deadline);
  }
  base::Task<base::Result<domain::JobId>> ask_again(domain::UserId user, domain::ChatId chat,
                                                    domain::Seq question,
                                                    base::Deadline deadline) override {
    return real_.ask_again(user, chat, question, deadline);
  }
  base::Task<base::Result<domain::JobId>> stop_answer(domain::UserId user, domain::ChatId chat,
                                                      domain::Seq question,
                                                      base::Deadline deadline) override {
    return real_.stop_answer(user, chat, question, deadline);
  }
  base::Task<base::Result<std::vector<domain::Message>>> page(domain::UserId user,
                                                              domain::ChatId chat,
                                                              ports::MessageQuery query,
                                                              base::Deadline deadline) override {
    return real_.page(user, chat, query, deadline);
  }

 private:
  base::Task<base::Result<ports::PostedMessage>> publish_then_post(ports::PostMessage message,
                                                                   base::Deadline deadline);

  ports::MessageStore& real_;
  ports::ChatStore& chats_;
  ports::EventBus& bus_;
  const ports::Clock& clock_;
};

}  // namespace rubricon::sim
