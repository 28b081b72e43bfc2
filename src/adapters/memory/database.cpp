#include <rubricon/memory/database.hpp>

#include <rubricon/memory/chat_store.hpp>
#include <rubricon/memory/event_store.hpp>
#include <rubricon/memory/job_store.hpp>
#include <rubricon/memory/message_store.hpp>
#include <rubricon/memory/outbox.hpp>
#include <rubricon/memory/rubric_store.hpp>
#include <rubricon/memory/session_store.hpp>
#include <rubricon/memory/transaction.hpp>
#include <rubricon/memory/user_store.hpp>

#include <utility>

namespace rubricon::memory {

Database::Database(const ports::Clock& clock, ports::Random& random)
    : server_(std::make_shared<Server>(clock, random)) {}

Database::~Database() = default;

const Tables& Database::tables() const {
  return server_->tables;
}

std::size_t Database::open_calls() const {
  return server_->open.size();
}

void Database::drop_connections() {
  for (const auto& [number, transaction] : server_->open) transaction->lose();
}

struct DatabaseClient::Parts {
  explicit Parts(std::shared_ptr<Link> its_link)
      : link(std::move(its_link)),
        users(link),
        sessions(link),
        chats(link),
        messages(link),
        events(link),
        outbox(link),
        jobs(link),
        rubrics(link) {}

  std::shared_ptr<Link> link;
  UserStore users;
  SessionStore sessions;
  ChatStore chats;
  MessageStore messages;
  EventStore events;
  Outbox outbox;
  JobStore jobs;
  RubricStore rubrics;
};

DatabaseClient::DatabaseClient(Database& database, ClientOptions options)
    : parts_(
          std::make_unique<Parts>(std::make_shared<Link>(Link{database.server_, options, 0, {}}))) {
}

DatabaseClient::~DatabaseClient() = default;

ports::UserStore& DatabaseClient::users() {
  return parts_->users;
}
ports::SessionStore& DatabaseClient::sessions() {
  return parts_->sessions;
}
ports::ChatStore& DatabaseClient::chats() {
  return parts_->chats;
}
ports::MessageStore& DatabaseClient::messages() {
  return parts_->messages;
}
ports::EventStore& DatabaseClient::events() {
  return parts_->events;
}
ports::Outbox& DatabaseClient::outbox() {
  return parts_->outbox;
}
ports::JobStore& DatabaseClient::jobs() {
  return parts_->jobs;
}
ports::RubricStore& DatabaseClient::rubrics() {
  return parts_->rubrics;
}

void DatabaseClient::drop_connections() {
  for (const auto& [number, transaction] : parts_->link->server->open) {
    if (transaction->link() == parts_->link.get()) transaction->lose();
  }
}

}  // namespace rubricon::memory
