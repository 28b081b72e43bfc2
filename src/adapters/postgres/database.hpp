/// The store ports on a PostgreSQL server that any number of processes share. Everything runs on
/// the shard that made it: no threads, no locks of our own.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/ports/epochs.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/imports.hpp>
#include <rubricon/ports/job_store.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/ports/rubric_store.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/user_store.hpp>
#include <rubricon/postgres/connection.hpp>
#include <rubricon/postgres/migrations.hpp>
#include <rubricon/postgres/replica.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace rubricon::postgres {

struct Options {
  ConnectOptions connect;
  /// Connections at most, opened as they are needed: for reads; for writes other than posts; for
  /// posts of chats that somebody else has locked. One more commits posts in groups.
  std::size_t readers = 4;
  std::size_t writers = 4;
  std::size_t lanes = 2;
  std::size_t posts_max = 8'192;    ///< posts under way; beyond it base::Unavailable
  std::size_t waiting_max = 8'192;  ///< other calls in line for a connection
  /// Servers that follow this one, for reads that an answer of a moment ago does for, each with as
  /// many connections as there are readers.
  std::vector<std::string> replica_urls;
  base::Milliseconds replica_lag_max{2'000};  ///< further behind, a replica is left alone
  /// Whether this process makes partitions ahead of need and deletes what has had its time. One of
  /// all is enough; several do no harm.
  bool maintains = true;
  base::Milliseconds maintain_every = std::chrono::minutes(1);
};

/// Running totals and present depths, for metrics.
struct Statistics {
  std::uint64_t posts = 0;            ///< posts answered
  std::uint64_t batches = 0;          ///< commits that carried them
  std::uint64_t batches_retried = 0;  ///< batches run again one by one because they failed
  std::uint64_t posts_skipped = 0;    ///< times that a post was passed over: its chat was locked
  std::uint64_t batches_alone = 0;    ///< batches that waited for the lock of one chat
  std::uint64_t reads = 0;            ///< calls of readers
  std::uint64_t read_statements = 0;  ///< SQL statements that they ran
  std::size_t post_queue = 0;         ///< posts under way now
  std::size_t read_queue = 0;         ///< callers in line now
  std::size_t write_queue = 0;
  std::vector<ReplicaStatistics> replicas;  ///< in the order of Options::replica_urls
};

/// The ports are called from coroutines on `executor`, one shard; each shard has a Database of its
/// own. Cancelling a call is safe; a write may or may not have been committed then.
///
/// Faults: base::DeadlineExceeded where the deadline passes, base::Unavailable where the server
/// stays away until then, a lock does not come or a queue is full. A write that fails so may or may
/// not have been committed unless the text says that nothing was changed. A write is acknowledged
/// only after its COMMIT is on the server's stable storage (its `synchronous_commit`), but for
/// claims, leases and erased outbox rows, whose loss costs only work.
///
/// Lifetime: `clock`, `random` and `log` outlive the database; stop() comes before the destructor,
/// and after the last call of a port has ended or been cancelled.
class Database final {
 public:
  Database(boost::asio::any_io_executor executor, Options options, const ports::Clock& clock,
           ports::Random& random, observability::Log& log);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Waits for the server, brings its schema up to date (and, where it `maintains`, its
  /// partitions), and begins to work. Safe beside other processes that do the same. Throws
  /// OpenError; base::Unavailable where there is no server until `deadline`.
  base::Task<void> start(base::Deadline deadline);
  /// Finishes the posts that were accepted, for five seconds at most, and closes everything. Safe
  /// to call when never started.
  base::Task<void> stop();

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
  ports::Imports& imports();

  Statistics statistics() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rubricon::postgres
