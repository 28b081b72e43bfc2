#include <rubricon/postgres/database.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/base/task_group.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/task_errors.hpp>
#include <rubricon/postgres/chat_store.hpp>
#include <rubricon/postgres/dead_jobs.hpp>
#include <rubricon/postgres/epochs.hpp>
#include <rubricon/postgres/event_store.hpp>
#include <rubricon/postgres/idempotency.hpp>
#include <rubricon/postgres/imports.hpp>
#include <rubricon/postgres/job_store.hpp>
#include <rubricon/postgres/message_store.hpp>
#include <rubricon/postgres/outbox.hpp>
#include <rubricon/postgres/pool.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/replicas.hpp>
#include <rubricon/postgres/rubric_store.hpp>
#include <rubricon/postgres/session_store.hpp>
#include <rubricon/postgres/session_writes.hpp>
#include <rubricon/postgres/transaction.hpp>
#include <rubricon/postgres/user_store.hpp>
#include <rubricon/postgres/writer.hpp>

#include <string>
#include <utility>

namespace rubricon::postgres {
namespace {

constexpr base::Milliseconds maintain_timeout{10'000};
constexpr base::Milliseconds stop_patience{5'000};
constexpr std::int64_t forgotten_at_once = 500;

PoolOptions pool_options(const Options& options, std::size_t connections) {
  return {
      .connect = options.connect, .connections = connections, .waiting_max = options.waiting_max};
}

std::vector<PoolOptions> replica_options(const Options& options) {
  std::vector<PoolOptions> all;
  for (const auto& url : options.replica_urls) {
    auto each = pool_options(options, options.readers);
    each.connect.url = url;
    each.connect.writable = false;
    all.push_back(std::move(each));
  }
  return all;
}

}  // namespace

struct Database::Parts {
  Parts(const boost::asio::any_io_executor& executor, const Options& its_options,
        const ports::Clock& its_clock, ports::Random& random, observability::Log& its_log)
      : options(its_options),
        clock(its_clock),
        log(its_log),
        read_pool(executor, pool_options(options, options.readers), clock, log),
        write_pool(executor, pool_options(options, options.writers), clock, log),
        batch_pool(executor, pool_options(options, 1), clock, log),
        lane_pool(executor, pool_options(options, options.lanes), clock, log),
        reader(read_pool),
        replicas(executor, replica_options(options), {.lag_max = options.replica_lag_max},
                 read_pool, clock, log),
        transactor(write_pool, clock, random),
        writer(executor, batch_pool, lane_pool, transactor, clock, random, log,
               {.posts_max = options.posts_max}),
        users(transactor, reader),
        sessions(transactor, reader, clock),
        chats(transactor, reader, replicas),
        messages(writer, transactor, reader, replicas),
        events(reader, replicas),
        outbox(transactor, reader, clock),
        jobs(transactor, reader, clock),
        dead_jobs(transactor, reader),
        epochs(transactor),
        rubrics(transactor, reader),
        imports(transactor, reader),
        tasks(executor, observability::log_task_errors(log, "postgres.maintenance_failed")) {}

  base::Task<void> maintain();
  base::Task<void> clean_up();

  Options options;
  const ports::Clock& clock;
  observability::Log& log;
  Pool read_pool;
  Pool write_pool;
  Pool batch_pool;
  Pool lane_pool;
  Reader reader;
  Replicas replicas;
  Transactor transactor;
  Writer writer;
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
  base::TaskGroup tasks;
};

/// Safe in several processes at a time: the rows that another one is at are passed over.
base::Task<void> Database::Parts::maintain() {
  for (;;) {
    co_await base::pause(options.maintain_every);
    try {
      co_await clean_up();
    } catch (const std::exception& error) {
      if (base::is_cancellation(error)) throw;
      log.repeated(observability::fault_level(error), "postgres.maintenance_failed",
                   {{"error.message", error.what()}});
    }
  }
}

base::Task<void> Database::Parts::clean_up() {
  const auto deadline = base::Deadline::after(clock.monotonic(), maintain_timeout);
  {
    auto lease = co_await write_pool.acquire(deadline);
    const auto made = co_await ensure_partitions(lease.get(), clock.now(), deadline);
    if (made > 0) log.info("postgres.partitions_made", {{"partitions", made}});
  }
  std::int64_t forgotten = forgotten_at_once;
  while (forgotten == forgotten_at_once) {
    forgotten = co_await transactor.perform<std::int64_t>(
        deadline, [](Transaction* t) { return forget_responses(t, forgotten_at_once); },
        Durability::lazy);
  }
  co_await transactor.perform<std::int64_t>(
      deadline, [](Transaction* t) { return forget_sessions(t, forgotten_at_once); },
      Durability::lazy);
}

Database::Database(boost::asio::any_io_executor executor, Options options,
                   const ports::Clock& clock, ports::Random& random, observability::Log& log)
    : parts_(std::make_unique<Parts>(executor, options, clock, random, log)) {}

Database::~Database() = default;

base::Task<void> Database::start(base::Deadline deadline) {
  Parts& parts = *parts_;
  {
    auto lease = co_await parts.batch_pool.acquire(deadline);
    co_await migrate(lease.get(), migrations(), parts.clock.now(), deadline);
    if (parts.options.maintains) {
      co_await ensure_partitions(lease.get(), parts.clock.now(), deadline);
    }
  }
  parts.writer.start();
  if (parts.options.maintains) parts.tasks.spawn(parts.maintain());
  if (!parts.replicas.none()) parts.tasks.spawn(parts.replicas.watch());
}

base::Task<void> Database::stop() {
  Parts& parts = *parts_;
  co_await parts.writer.stop(stop_patience);
  co_await parts.tasks.stop();
  parts.replicas.close();
  parts.read_pool.close();
  parts.write_pool.close();
  parts.batch_pool.close();
  parts.lane_pool.close();
}

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
  return {.posts = written.posts,
          .batches = written.batches,
          .batches_retried = written.batches_retried,
          .posts_skipped = written.skipped,
          .batches_alone = written.alone,
          .reads = parts_->reader.reads(),
          .read_statements = parts_->reader.statements(),
          .post_queue = parts_->writer.depth(),
          .read_queue = parts_->read_pool.waiting(),
          .write_queue = parts_->write_pool.waiting(),
          .replicas = parts_->replicas.statistics()};
}

}  // namespace rubricon::postgres
