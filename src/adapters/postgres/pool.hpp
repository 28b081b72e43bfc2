/// A few connections of one shard, lent to one caller at a time and opened when they are needed.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/postgres/connection.hpp>
#include <rubricon/postgres/waiter.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <list>
#include <memory>
#include <utility>
#include <vector>

namespace rubricon::postgres {

struct PoolOptions {
  ConnectOptions connect;
  std::size_t connections = 4;
  std::size_t waiting_max = 8'192;  ///< callers in line; beyond it base::Unavailable
  base::Milliseconds backoff_min{50};
  base::Milliseconds backoff_max{2'000};
};

/// Every call from the shard. `clock` and `log` outlive the pool, the pool its leases.
class Pool {
 public:
  /// A connection on loan. Goes back at the end of its scope, or is closed where it is no longer
  /// ready for another caller.
  class Lease {
   public:
    Lease(Pool* pool, std::unique_ptr<Connection> connection)
        : pool_(pool), connection_(std::move(connection)) {}
    /// The place of `other`, with a connection for it.
    Lease(Lease&& other, std::unique_ptr<Connection> connection) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(connection)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)), connection_(std::move(other.connection_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_) pool_->give_back(std::move(connection_));
    }
    Connection* operator->() const { return connection_.get(); }
    Connection* get() const { return connection_.get(); }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  Pool(boost::asio::any_io_executor executor, PoolOptions options, const ports::Clock& clock,
       observability::Log& log);

  /// Waits in line for a connection, first come, first served; then, if need be, for a server:
  /// attempts to connect are repeated with growing pauses until `deadline`. Throws
  /// DeadlineExceeded, or base::Unavailable where the line is full or the server stays away.
  base::Task<Lease> acquire(base::Deadline deadline);

  /// Refuses newcomers and closes what lies idle.
  void close();

  std::size_t waiting() const { return line_.size(); }

 private:
  friend class Lease;
  struct Place {
    explicit Place(const boost::asio::any_io_executor& executor) : turn(executor) {}
    Waiter turn;
  };

  base::Task<void> wait_in_line(base::Deadline deadline);
  base::Task<std::unique_ptr<Connection>> connect(base::Deadline deadline);
  base::Task<std::unique_ptr<Connection>> try_to_connect(base::Deadline deadline);
  void give_back(std::unique_ptr<Connection> connection);
  void next_in_line();

  boost::asio::any_io_executor executor_;
  PoolOptions options_;
  const ports::Clock& clock_;
  observability::Log& log_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t lent_ = 0;
  std::list<std::shared_ptr<Place>> line_;
  bool closed_ = false;
};

}  // namespace rubricon::postgres
