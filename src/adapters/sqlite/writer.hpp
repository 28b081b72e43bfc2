/// The one thread that writes. What waits when it looks is committed together: one fsync for up to
/// 256 calls, and no waiting for company.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/sqlite/connection.hpp>
#include <rubricon/sqlite/transaction.hpp>
#include <rubricon/sqlite/work.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace rubricon::sqlite {

using Write = Work<Transaction>;

class Writer final : public WorkQueue<Transaction> {
 public:
  static constexpr std::size_t batch_max = 256;

  struct Options {
    std::size_t queue_max = 8'192;
    /// Runs now and then between batches, in a transaction of its own. True: there is more to do.
    std::function<bool(Transaction&)> maintain = [](Transaction&) { return false; };
    base::Milliseconds maintain_every = std::chrono::minutes(1);
  };

  struct Counters {
    std::atomic<std::uint64_t> writes = 0;
    std::atomic<std::uint64_t> batches = 0;
    std::atomic<std::uint64_t> batches_retried = 0;
    std::atomic<std::uint64_t> statements = 0;
  };

  /// Takes over the connection; `clock` outlives the writer. `outbox_last`: see Transaction.
  Writer(std::unique_ptr<Connection> connection, const ports::Clock& clock, ports::Random& random,
         std::int64_t outbox_last, Options options);
  ~Writer() override;

  /// Throws base::Unavailable when `queue_max` calls wait.
  void enqueue(std::shared_ptr<Write> work) override;
  void close() override;

  /// See ports::Outbox::on_commit.
  void on_outbox_commit(std::function<void()> poke);

  const Counters& counters() const { return counters_; }
  std::size_t queue_depth() const;

 private:
  using Batch = std::vector<std::shared_ptr<Write>>;

  void loop();
  bool wait_for_batch(Batch& batch);
  void commit(Batch batch);
  void drop_overdue(Batch& batch);
  bool try_together(const Batch& batch);
  void begin(Durability durability);
  void run(Write& work);
  void run_one_by_one(Batch& batch);
  void finish(Batch& batch);
  void set_durability(Durability durability);
  void maintain_if_due();
  void roll_back();
  void poke();

  std::unique_ptr<Connection> connection_;
  const ports::Clock& clock_;
  Transaction transaction_;
  Options options_;
  Counters counters_;
  Durability durability_ = Durability::full;
  base::Instant maintained_at_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Write>> queue_;
  bool stopping_ = false;

  std::mutex poke_mutex_;
  std::function<void()> poke_;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace rubricon::sqlite
