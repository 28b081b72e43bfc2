#include <rubricon/memory/database.hpp>

#include <rubricon/memory/chat_store.hpp>
#include <rubricon/memory/dead_jobs.hpp>
#include <rubricon/memory/epochs.hpp>
#include <rubricon/memory/event_store.hpp>
#include <rubricon/memory/job_store.hpp>
#include <rubricon/memory/message_store.hpp>
#include <rubricon/memory/outbox.hpp>
#include <rubricon/memory/rubric_store.hpp>
#include <rubricon/memory/session_store.hpp>
#include <rubricon/memory/transaction.hpp>
#include <rubricon/memory/user_store.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

namespace rubricon::memory {
namespace {

/// The questions that were open then are asked again, under new ids: whoever does not know yet that
/// their chats go on in another epoch must not put pieces of two answers together.
void ask_again(Tables& tables, Server& server) {
  std::map<domain::JobId, domain::JobId> renamed;
  for (auto& [key, row] : tables.jobs) {
    if (!row.open()) continue;
    std::array<std::uint8_t, 10> random{};
    server.random.fill(random);
    const domain::JobId fresh(base::Uuid::v7(base::unix_ms(server.clock.now()), random));
    renamed.emplace(row.job.id, fresh);
    tables.job_keys.erase(row.job.id);
    tables.job_keys.emplace(fresh, key);
    row.job.id = fresh;
    row.job.state = domain::JobState::queued;
    row.lease_until = std::nullopt;
  }
  for (auto& [id, entry] : tables.outbox) {
    const auto found = entry.job ? renamed.find(*entry.job) : renamed.end();
    if (found != renamed.end()) entry.job = found->second;
  }
}

}  // namespace

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

void Database::restore(Tables backup) {
  drop_connections();
  // Newer than any that was seen since the backup, another restoration included.
  const auto newer = [](domain::Epoch then, const domain::Epoch* now) {
    return (now == nullptr ? then : std::max(then, *now)).next();
  };
  for (auto& [id, row] : backup.chats) {
    const auto now = server_->tables.chats.find(id);
    const bool known = now != server_->tables.chats.end();
    row.chat.epoch = newer(row.chat.epoch, known ? &now->second.chat.epoch : nullptr);
  }
  for (auto& [id, row] : backup.users) {
    const auto now = server_->tables.users.find(id);
    const bool known = now != server_->tables.users.end();
    row.head.epoch = newer(row.head.epoch, known ? &now->second.head.epoch : nullptr);
  }
  ask_again(backup, *server_);
  server_->tables = std::move(backup);
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
        dead_jobs(link),
        epochs(link),
        rubrics(link) {}

  std::shared_ptr<Link> link;
  UserStore users;
  SessionStore sessions;
  ChatStore chats;
  MessageStore messages;
  EventStore events;
  Outbox outbox;
  JobStore jobs;
  DeadJobs dead_jobs;
  Epochs epochs;
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
ports::DeadJobs& DatabaseClient::dead_jobs() {
  return parts_->dead_jobs;
}
ports::Epochs& DatabaseClient::epochs() {
  return parts_->epochs;
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
