/// A few threads that read, each with a connection of its own: in WAL mode neither they nor the
/// writer ever wait for each other.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/sqlite/connection.hpp>
#include <rubricon/sqlite/work.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace rubricon::sqlite {

using Read = Work<Connection>;

class ReaderPool final : public WorkQueue<Connection> {
 public:
  struct Options {
    std::size_t threads = 2;
    std::size_t queue_max = 8'192;
  };

  /// The file exists already and is in WAL mode. `clock` outlives the pool.
  ReaderPool(const std::filesystem::path& path, const ports::Clock& clock, Options options);
  ~ReaderPool() override;

  /// Throws base::Unavailable when `queue_max` calls wait. A read whose deadline passes while it
  /// runs is interrupted and throws base::DeadlineExceeded.
  void enqueue(std::shared_ptr<Read> work) override;
  void close() override;

  std::size_t queue_depth() const;
  std::uint64_t reads() const { return reads_.load(std::memory_order_relaxed); }
  std::uint64_t statements() const { return statements_.load(std::memory_order_relaxed); }

 private:
  void loop(Connection& connection);
  std::shared_ptr<Read> next();
  void answer(Connection& connection, Read& work);

  const ports::Clock& clock_;
  const std::size_t queue_max_;
  std::atomic<std::uint64_t> reads_ = 0;
  std::atomic<std::uint64_t> statements_ = 0;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Read>> queue_;
  bool stopping_ = false;

  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace rubricon::sqlite
