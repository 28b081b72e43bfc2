#include <rubricon/sqlite/reader_pool.hpp>

#include <utility>

namespace rubricon::sqlite {
namespace {

/// Readers wait for locks only while the log is being recovered at open.
constexpr base::Milliseconds busy_timeout{5'000};

}  // namespace

ReaderPool::ReaderPool(const std::filesystem::path& path, const ports::Clock& clock,
                       Options options)
    : clock_(clock), queue_max_(options.queue_max) {
  for (std::size_t i = 0; i < options.threads; ++i) {
    auto& connection = *connections_.emplace_back(std::make_unique<Connection>(path, busy_timeout));
    connection.execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;");
  }
  for (const auto& connection : connections_) {
    threads_.emplace_back([this, &db = *connection] { loop(db); });
  }
}

ReaderPool::~ReaderPool() {
  close();
}

void ReaderPool::close() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void ReaderPool::enqueue(std::shared_ptr<Read> work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) throw base::Unavailable("the database is closed");
    if (queue_.size() >= queue_max_) {
      throw base::Unavailable("the database has too many reads waiting");
    }
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

std::size_t ReaderPool::queue_depth() const {
  const std::lock_guard lock(mutex_);
  return queue_.size();
}

void ReaderPool::loop(Connection& connection) {
  while (auto work = next()) {
    answer(connection, *work);
    std::vector<std::shared_ptr<Completion>> done;
    done.push_back(std::move(work));
    Completion::notify(std::move(done));
  }
}

std::shared_ptr<Read> ReaderPool::next() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  if (queue_.empty()) return nullptr;
  auto work = std::move(queue_.front());
  queue_.pop_front();
  return work;
}

void ReaderPool::answer(Connection& connection, Read& work) {
  if (work.abandoned()) return;
  const auto late = [this, &work] { return work.deadline().reached(clock_.monotonic()); };
  const std::uint64_t before = connection.statements_run();
  try {
    if (late()) throw base::DeadlineExceeded("the read waited past its deadline");
    connection.interrupt_when(late);
    work.run(connection);
  } catch (const Failure&) {
    work.fail(
        late() ? std::make_exception_ptr(base::DeadlineExceeded("the read ran past its deadline"))
               : std::current_exception());
  } catch (const std::exception&) {
    work.fail(std::current_exception());
  }
  connection.interrupt_when({});
  statements_.fetch_add(connection.statements_run() - before, std::memory_order_relaxed);
  reads_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace rubricon::sqlite
