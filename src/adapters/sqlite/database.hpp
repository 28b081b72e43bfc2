/// The store ports on one SQLite file: WAL, synchronous=FULL, one writer thread that commits in
/// groups, a few reader threads beside it. The embedded default of Rubricon.
#pragma once

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

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>

namespace rubricon::sqlite {

struct Options {
  std::filesystem::path path;           ///< made where it does not exist; its folder must
  std::size_t readers = 2;              ///< threads that read
  std::size_t write_queue_max = 8'192;  ///< calls waiting; beyond it base::Unavailable
  std::size_t read_queue_max = 8'192;
};

/// The file cannot be used, in plain words: taken by another process, newer than this program, not
/// one of ours, not writable.
class OpenError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Running totals and present depths, for metrics. Reading them is cheap and never blocks.
struct Statistics {
  std::uint64_t writes = 0;            ///< calls committed
  std::uint64_t batches = 0;           ///< commits that carried them
  std::uint64_t batches_retried = 0;   ///< batches run again one by one because a call failed
  std::uint64_t write_statements = 0;  ///< SQL statements that they ran
  std::uint64_t reads = 0;             ///< calls answered by readers
  std::uint64_t read_statements = 0;   ///< SQL statements that those ran
  std::size_t write_queue = 0;         ///< calls waiting now
  std::size_t read_queue = 0;
};

/// Owns the file (exclusively: a second opener is refused) and the threads. The ports may be called
/// from coroutines on any executor; each result comes back on the executor of the coroutine that
/// asked. Cancelling a call is safe: a write that was not begun is dropped, one that was completes.
///
/// A call whose deadline passes before its work began throws base::DeadlineExceeded; a full queue,
/// a failing disk or a closed database throws base::Unavailable. A write is acknowledged only after
/// its COMMIT is on stable storage.
///
/// Lifetime: `clock` and `random` outlive the database; the database is destroyed before the
/// io_contexts whose coroutines call it. Destruction finishes the writes that were accepted.
class Database final {
 public:
  /// Opens or creates the file and brings its schema up to date. Throws OpenError. Blocks.
  Database(Options options, const ports::Clock& clock, ports::Random& random);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

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

}  // namespace rubricon::sqlite
