#include <rubricon/sqlite/database.hpp>

#include <rubricon/sqlite/chat_store.hpp>
#include <rubricon/sqlite/dead_jobs.hpp>
#include <rubricon/sqlite/epochs.hpp>
#include <rubricon/sqlite/event_store.hpp>
#include <rubricon/sqlite/file_lock.hpp>
#include <rubricon/sqlite/idempotency.hpp>
#include <rubricon/sqlite/imports.hpp>
#include <rubricon/sqlite/job_store.hpp>
#include <rubricon/sqlite/message_store.hpp>
#include <rubricon/sqlite/migrations.hpp>
#include <rubricon/sqlite/outbox.hpp>
#include <rubricon/sqlite/reader_pool.hpp>
#include <rubricon/sqlite/rubric_store.hpp>
#include <rubricon/sqlite/session_store.hpp>
#include <rubricon/sqlite/user_store.hpp>
#include <rubricon/sqlite/writer.hpp>

#include <fmt/format.h>
#include <utility>

namespace rubricon::sqlite {
namespace {

constexpr base::Milliseconds busy_timeout{5'000};
constexpr std::int64_t responses_forgotten_at_once = 500;
constexpr std::int64_t sessions_forgotten_at_once = 50;

std::filesystem::path lock_path(const std::filesystem::path& path) {
  auto lock = path;
  lock += ".lock";
  return lock;
}

/// The writer's connection, with the schema up to date.
std::unique_ptr<Connection> open_writer(const std::filesystem::path& path,
                                        const ports::Clock& clock) {
  try {
    auto db = std::make_unique<Connection>(path, busy_timeout);
    // Changes of the journal mode are not allowed inside a transaction, hence before migrating.
    db->execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; "
        "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; "
        "PRAGMA journal_size_limit = 67108864;");
    // The last process may have died of a sync that failed: what it committed is then in the log as
    // the kernel shows it, and perhaps not on the disk.
    db->execute("SELECT 1 FROM sqlite_schema");
    db->rewrite_log();
    migrate(*db, migrations(), clock.now());
    // The file has one owner at a time, so whoever held a lease in it is dead: nobody waits for it
    // to run out after a restart.
    db->execute(
        "UPDATE ai_jobs SET state = 'queued', lease_until = NULL "
        "WHERE state IN ('queued', 'running') AND state = 'running'");  // in the index's words
    return db;
  } catch (const OpenError& error) {
    throw OpenError(fmt::format("{}: {}", path.string(), error.what()));
  } catch (const std::exception& error) {
    throw OpenError(fmt::format("{} cannot be used: {}", path.string(), error.what()));
  }
}

bool maintain(Transaction& transaction) {
  const auto responses = forget_responses(transaction, responses_forgotten_at_once);
  const auto sessions = forget_sessions(transaction, sessions_forgotten_at_once);
  return responses == responses_forgotten_at_once || sessions == sessions_forgotten_at_once;
}

Writer::Options writer_options(const Options& options) {
  return {.queue_max = options.write_queue_max, .maintain = maintain};
}

}  // namespace

struct Database::Parts {
  Parts(const Options& options, const ports::Clock& clock, ports::Random& random)
      : Parts(options, clock, random, std::make_unique<FileLock>(lock_path(options.path))) {}

  Parts(const Options& options, const ports::Clock& clock, ports::Random& random,
        std::unique_ptr<FileLock> held)
      : Parts(options, clock, random, std::move(held), open_writer(options.path, clock)) {}

  Parts(const Options& options, const ports::Clock& clock, ports::Random& random,
        std::unique_ptr<FileLock> held, std::unique_ptr<Connection> connection)
      : lock(std::move(held)),
        outbox_last(outbox_last_id(*connection)),
        writer(std::move(connection), clock, random, outbox_last, writer_options(options)),
        readers(options.path, clock,
                {.threads = options.readers, .queue_max = options.read_queue_max}),
        users(writer, readers),
        sessions(writer, readers, clock),
        chats(writer, readers),
        messages(writer, readers),
        events(readers),
        outbox(writer, readers, clock),
        jobs(writer, readers, clock),
        dead_jobs(writer, readers),
        epochs(writer),
        rubrics(writer, readers),
        imports(writer, readers) {}

  // The threads use the stores below, so they end first; the lock is given back last.
  ~Parts() {
    readers.close();
    writer.close();
  }

  std::unique_ptr<FileLock> lock;
  std::int64_t outbox_last;
  Writer writer;
  ReaderPool readers;
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
  Imports imports;
};

Database::Database(Options options, const ports::Clock& clock, ports::Random& random)
    : parts_(std::make_unique<Parts>(options, clock, random)) {}

Database::~Database() = default;

ports::UserStore& Database::users() {
  return parts_->users;
}
ports::SessionStore& Database::sessions() {
  return parts_->sessions;
}
ports::ChatStore& Database::chats() {
  return parts_->chats;
}
ports::MessageStore& Database::messages() {
  return parts_->messages;
}
ports::EventStore& Database::events() {
  return parts_->events;
}
ports::Outbox& Database::outbox() {
  return parts_->outbox;
}
ports::JobStore& Database::jobs() {
  return parts_->jobs;
}

ports::DeadJobs& Database::dead_jobs() {
  return parts_->dead_jobs;
}
ports::Epochs& Database::epochs() {
  return parts_->epochs;
}
ports::RubricStore& Database::rubrics() {
  return parts_->rubrics;
}
ports::Imports& Database::imports() {
  return parts_->imports;
}

Statistics Database::statistics() const {
  const auto& written = parts_->writer.counters();
  return {.writes = written.writes.load(std::memory_order_relaxed),
          .batches = written.batches.load(std::memory_order_relaxed),
          .batches_retried = written.batches_retried.load(std::memory_order_relaxed),
          .write_statements = written.statements.load(std::memory_order_relaxed),
          .reads = parts_->readers.reads(),
          .read_statements = parts_->readers.statements(),
          .write_queue = parts_->writer.queue_depth(),
          .read_queue = parts_->readers.queue_depth()};
}

}  // namespace rubricon::sqlite
