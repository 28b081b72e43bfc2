#include <rubricon/postgres/pool.hpp>

#include <rubricon/base/backoff.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/postgres/failure.hpp>

#include <algorithm>
#include <string>

namespace rubricon::postgres {

Pool::Pool(boost::asio::any_io_executor executor, PoolOptions options, const ports::Clock& clock,
           observability::Log& log)
    : executor_(std::move(executor)), options_(std::move(options)), clock_(clock), log_(log) {}

base::Task<Pool::Lease> Pool::acquire(base::Deadline deadline) {
  if (closed_) throw base::Unavailable("the database is closed");
  if (deadline.reached(clock_.monotonic())) {
    throw base::DeadlineExceeded("no time is left; nothing was asked");
  }
  if (lent_ < options_.connections && line_.empty()) {
    ++lent_;
  } else {
    co_await wait_in_line(deadline);
  }
  Lease lease(this, nullptr);  // the place is ours, and goes on if something throws
  while (!idle_.empty()) {
    auto connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->ready()) co_return Lease(std::move(lease), std::move(connection));
  }
  auto connection = co_await connect(deadline);
  co_return Lease(std::move(lease), std::move(connection));
}

/// Returns when a place has been handed over.
base::Task<void> Pool::wait_in_line(base::Deadline deadline) {
  if (line_.size() >= options_.waiting_max) {
    throw base::Unavailable("too many wait for the database");
  }
  const auto held = std::make_shared<Place>(executor_);
  const auto place = line_.insert(line_.end(), held);
  // Whoever is called is no longer in line; whoever leaves without must take itself out.
  struct Leave {
    Pool* pool;
    std::list<std::shared_ptr<Place>>::iterator place;
    std::shared_ptr<Place> held;
    ~Leave() {
      if (!held->turn.called()) pool->line_.erase(place);
    }
  };
  const Leave leave{this, place, held};
  const auto woken = co_await held->turn.wait(deadline.remaining(clock_.monotonic()));
  if (woken == Waiter::Woken::late) {
    throw base::DeadlineExceeded("no connection came free in time; nothing was asked");
  }
}

base::Task<std::unique_ptr<Connection>> Pool::connect(base::Deadline deadline) {
  base::Backoff pauses(options_.backoff_min, options_.backoff_max, clock_.monotonic());
  for (;;) {
    std::string reason;
    try {
      co_return co_await try_to_connect(deadline);
    } catch (const base::Unavailable& error) {
      reason = error.what();
    }
    ++options_.connect.first_host;  // libpq asks no other while one says nothing
    log_.repeated(observability::Level::warning, "postgres.connect_failed",
                  {{"error.message", reason}});
    const auto pause = pauses.next();
    if (closed_ || deadline.remaining(clock_.monotonic()) <= pause) {
      throw Failure(Failure::Kind::lost, reason);
    }
    co_await base::pause(pause);
  }
}

base::Task<std::unique_ptr<Connection>> Pool::try_to_connect(base::Deadline deadline) {
  const auto now = clock_.monotonic();
  const auto patience = base::Deadline::after(now, options_.connect.connect_timeout);
  co_return co_await Connection::open(options_.connect, &clock_, std::min(deadline, patience));
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  if (connection && !closed_ && connection->reusable()) idle_.push_back(std::move(connection));
  connection.reset();
  if (line_.empty()) {
    --lent_;
  } else {
    next_in_line();
  }
}

/// Hands a place over, so that nobody slips in between.
void Pool::next_in_line() {
  const auto next = line_.front();
  line_.pop_front();
  next->turn.call();
}

void Pool::close() {
  closed_ = true;
  idle_.clear();
}

}  // namespace rubricon::postgres
