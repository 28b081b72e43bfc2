#include <rubricon/sqlite/writer.hpp>

#include <rubricon/base/failpoint.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace rubricon::sqlite {

Writer::Writer(std::unique_ptr<Connection> connection, const ports::Clock& clock,
               ports::Random& random, std::int64_t outbox_last, Options options)
    : connection_(std::move(connection)),
      clock_(clock),
      transaction_(*connection_, clock, random, outbox_last),
      options_(std::move(options)),
      maintained_at_(clock.monotonic()),
      thread_([this] { loop(); }) {}

Writer::~Writer() {
  close();
}

void Writer::close() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Writer::enqueue(std::shared_ptr<Write> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) throw base::Unavailable("the database is closed");
    if (queue_.size() >= options_.queue_max) {
      throw base::Unavailable("the database has too many writes waiting");
    }
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Writer::on_outbox_commit(std::function<void()> poke) {
  const std::lock_guard lock(poke_mutex_);
  poke_ = std::move(poke);
}

std::size_t Writer::queue_depth() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void Writer::loop() {
  Batch batch;
  while (wait_for_batch(batch)) {
    commit(std::exchange(batch, {}));
    maintain_if_due();
  }
}

bool Writer::wait_for_batch(Batch& batch) {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  const auto count = static_cast<std::ptrdiff_t>(std::min(queue_.size(), batch_max));
  std::move(queue_.begin(), queue_.begin() + count, std::back_inserter(batch));
  queue_.erase(queue_.begin(), queue_.begin() + count);
  return !batch.empty();  // empty only when stopping with nothing left
}

void Writer::commit(Batch batch) {
  Batch all = batch;
  drop_overdue(batch);
  if (!batch.empty() && !try_together(batch)) {
    counters_.batches_retried.fetch_add(1, std::memory_order_relaxed);
    run_one_by_one(batch);
  }
  finish(all);
}

void Writer::drop_overdue(Batch& batch) {
  const auto now = clock_.monotonic();
  std::erase_if(batch, [now](const std::shared_ptr<Write>& work) {
    if (work->abandoned()) return true;
    if (!work->deadline().reached(now)) return false;
    work->fail(std::make_exception_ptr(
        base::DeadlineExceeded("the write waited past its deadline; nothing was changed")));
    return true;
  });
}

/// All in one transaction. False, and nothing changed, where one of them threw.
bool Writer::try_together(const Batch& batch) {
  try {
    const bool lazy = std::ranges::all_of(
        batch, [](const auto& work) { return work->durability() == Durability::lazy; });
    begin(lazy ? Durability::lazy : Durability::full);
    for (const auto& work : batch) run(*work);
    if (transaction_.outbox_written()) base::failpoint("api.before_commit");
    connection_->execute("COMMIT");
  } catch (const std::exception&) {
    roll_back();
    return false;
  }
  counters_.writes.fetch_add(batch.size(), std::memory_order_relaxed);
  counters_.batches.fetch_add(1, std::memory_order_relaxed);
  return true;
}

void Writer::begin(Durability durability) {
  // Lazy commits may be among what a failed sync has lost, and all later ones hang on them.
  if (connection_->log_in_doubt()) connection_->rewrite_log();
  set_durability(durability);
  connection_->execute("BEGIN IMMEDIATE");
}

void Writer::run(Write& work) {
  transaction_.begin_call();
  const std::uint64_t before = connection_->statements_run();
  work.run(transaction_);
  counters_.statements.fetch_add(connection_->statements_run() - before, std::memory_order_relaxed);
}

/// Each behind a savepoint, so that whoever throws is alone with it; then one commit for the rest.
void Writer::run_one_by_one(Batch& batch) {
  Batch done;
  try {
    begin(Durability::full);
    for (const auto& work : batch) {
      connection_->execute("SAVEPOINT one");
      try {
        run(*work);
        done.push_back(work);
      } catch (const std::exception&) {
        work->fail(std::current_exception());
        // Some errors (a full disk) have rolled everything back already; then this throws.
        connection_->execute("ROLLBACK TO one");
      }
      connection_->execute("RELEASE one");
    }
    connection_->execute("COMMIT");
    counters_.writes.fetch_add(done.size(), std::memory_order_relaxed);
    counters_.batches.fetch_add(1, std::memory_order_relaxed);
  } catch (const std::exception& error) {
    roll_back();
    const auto failure = std::make_exception_ptr(
        base::Unavailable(std::string("the batch could not be committed: ") + error.what()));
    for (const auto& work : batch) work->fail(failure);
  }
}

void Writer::finish(Batch& batch) {
  if (transaction_.take_outbox_written()) {
    base::failpoint("api.after_commit");
    poke();
  }
  Completion::notify({batch.begin(), batch.end()});
}

void Writer::set_durability(Durability durability) {
  if (durability == durability_) return;
  // The log goes into the file only behind a full commit. SQLite keeps to itself that a checkpoint
  // could not sync; then it does no harm, since all of the log is stored already.
  connection_->execute(durability == Durability::full
                           ? "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000"
                           : "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
  durability_ = durability;
}

void Writer::maintain_if_due() {
  const auto now = clock_.monotonic();
  if (now - maintained_at_ < options_.maintain_every) return;
  bool more = false;
  try {
    begin(Durability::lazy);
    transaction_.begin_call();
    more = options_.maintain(transaction_);
    connection_->execute("COMMIT");
  } catch (const std::exception&) {
    // Cleaning up is tried again after the next interval; nothing depends on its being soon.
    roll_back();
  }
  if (!more) maintained_at_ = now;
}

void Writer::roll_back() {
  try {
    if (connection_->in_transaction()) connection_->execute("ROLLBACK");
  } catch (const std::exception&) {
    // The next BEGIN fails too then, and says why to whoever asked.
  }
}

void Writer::poke() {
  const std::lock_guard lock(poke_mutex_);
  if (poke_) poke_();
}

}  // namespace rubricon::sqlite
