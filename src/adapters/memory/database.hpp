/// The store ports inside one process, with the manners of a database server that many processes
/// share: transactions overlap, wait for each other's rows, commit late, lose their connection. For
/// the simulation and for tests; nothing is on a disk, and nothing is ever forgotten.
#pragma once

#include <rubricon/memory/tables.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/ports/epochs.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/job_store.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/user_store.hpp>

#include <cstddef>
#include <memory>

namespace rubricon::memory {

struct Server;

/// Where a call to the server can be held up.
enum class Moment {
  begin,   ///< the request is on its way: nothing has been read or locked
  drawn,   ///< a write holds its rows and its outbox ids; nobody else sees either
  commit,  ///< the same, an instant before the commit
  reply,   ///< committed (or read), and the answer is on its way
};

struct Step {
  const char* call;  ///< port and method, such as "messages.post"
  Moment moment;
};

/// The road between one process and the server.
class Pauses {
 public:
  virtual ~Pauses() = default;

  /// Awaited at each step of each call, `drawn` only by writes that have outbox rows. Resolves when
  /// the call may go on. Throwing base::Unavailable loses the connection: before the commit nothing
  /// was changed; at `reply` a write is committed and the caller does not learn it.
  virtual base::Task<void> pause(Step step) = 0;
};

/// The server. READ COMMITTED: a read sees what is committed at one instant; a write holds alone,
/// from before it looks until it has committed, the rows that it changes (first come, first
/// served), and what it changes is seen by nobody before. Two writes to one chat follow each other;
/// writes to different chats overlap, and may commit in another order than that of their outbox
/// ids.
///
/// One shard: every call from its thread. `clock` and `random` outlive the database, the database
/// its clients. The same calls at the same times with the same random bytes give the same rows.
class Database final {
 public:
  Database(const ports::Clock& clock, ports::Random& random);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// All that is committed now.
  const Tables& tables() const;

  /// Calls begun and not yet answered.
  std::size_t open_calls() const;

  /// Every client's connections are lost: see DatabaseClient::drop_connections.
  void drop_connections();

  /// What an administrator does with a backup: every connection is lost, the tables are those of
  /// back then, every stream goes on in a new epoch, and the questions that were open then are
  /// asked again under new ids.
  void restore(Tables backup);

 private:
  friend class DatabaseClient;
  std::shared_ptr<Server> server_;
};

struct ClientOptions {
  Pauses* pauses = nullptr;        ///< none: every call but a wait for a row completes at once
  std::size_t calls_max = 16'384;  ///< calls at a time; beyond it base::Unavailable
};

/// One process's way to the server: the ports. A call whose deadline has passed when it reaches the
/// server, or when a row that it waited for becomes free, throws base::DeadlineExceeded, and
/// nothing was changed. A call that is cancelled before its commit is rolled back.
///
/// `outbox().on_commit` hears of the commits of this client alone, when their reply arrives: one
/// whose reply is lost pokes nobody.
///
/// Destroy it, and `pauses`, after its calls; a coroutine that is never resumed may outlive both.
class DatabaseClient final {
 public:
  explicit DatabaseClient(Database& database, ClientOptions options = {});
  ~DatabaseClient();
  DatabaseClient(const DatabaseClient&) = delete;
  DatabaseClient& operator=(const DatabaseClient&) = delete;

  ports::UserStore& users();
  ports::SessionStore& sessions();
  ports::ChatStore& chats();
  ports::MessageStore& messages();
  ports::EventStore& events();
  ports::Outbox& outbox();
  ports::JobStore& jobs();
  ports::DeadJobs& dead_jobs();
  ports::Epochs& epochs();
  ports::RubricStore& rubrics();

  /// Calls begun and not yet answered throw base::Unavailable when their pause ends. Those that
  /// have not committed are rolled back now: their rows go to whoever waits for them.
  void drop_connections();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rubricon::memory
