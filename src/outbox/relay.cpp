#include <rubricon/outbox/relay.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/backoff.hpp>
#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/base/seeded_bug.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>

namespace rubricon::outbox {
namespace asio = boost::asio;

/// Shared with the commit hook, which runs on the store's thread and may outlive the relay by a
/// call.
class Relay::Loop : public std::enable_shared_from_this<Relay::Loop> {
 public:
  Loop(asio::any_io_executor executor, ports::Outbox& outbox, ports::EventBus& bus,
       ports::JobQueue& jobs, const ports::Clock& clock, observability::Log& log,
       observability::Metrics& metrics, RelayOptions options)
      : executor_(executor),
        wake_(executor),
        batch_over_(executor),
        outbox_(outbox),
        bus_(bus),
        jobs_(jobs),
        clock_(clock),
        log_(log),
        options_(options),
        batch_size_(options.batch_max),
        published_(
            metrics.counter("rubricon_outbox_published_total", "Events taken by the broker")),
        announced_(metrics.counter("rubricon_outbox_announced_total", "AI jobs announced")),
        faults_(metrics.counter("rubricon_outbox_faults_total", "Failed calls of store or broker")),
        broken_(metrics.counter("rubricon_outbox_unpublishable_total",
                                "Times that a row was passed over because it is broken")),
        oldest_(metrics.gauge("rubricon_outbox_oldest_seconds", "Age of the oldest outbox row")) {}

  base::Task<void> run() {
    base::Backoff backoff(options_.backoff_min, options_.backoff_max, clock_.monotonic());
    while (!stopping_) {
      bool failed = false;
      try {
        for (bool more = true; more && !stopping_;) {
          const Batching batching(*this);
          more = co_await relay_batch();
        }
        backoff.reset();
      } catch (const std::exception& error) {
        if (base::is_cancellation(error)) throw;
        faults_.add();
        log_.repeated(observability::fault_level(error), "outbox.relay_failed",
                      {{"error.message", error.what()}});
        failed = true;
      }
      if (failed) {
        // Not woken by commits: a dead broker must not be asked at every one of them.
        co_await base::pause(backoff.next());
      } else {
        co_await wait_for_poke();
      }
    }
  }

  /// No further batch; waits for the one that is under way, which holds rows that nobody else could
  /// publish before its claim ends.
  base::Task<void> finish() {
    stopping_ = true;
    if (!batching_) co_return;
    batch_over_.expires_after(options_.call_timeout);
    boost::system::error_code over;
    co_await batch_over_.async_wait(asio::redirect_error(asio::use_awaitable, over));
  }

  /// Measures how far behind the relay is.
  base::Task<void> watch() {
    base::Timer timer(executor_);
    for (;;) {
      try {
        const auto age = co_await outbox_.oldest_age(deadline());
        oldest_.set(std::chrono::duration<double>(age).count());
        if (age > options_.age_alarm) {
          log_.repeated(observability::Level::error, "outbox.behind", {{"lag_ms", age.count()}});
        }
      } catch (const std::exception& error) {
        if (base::is_cancellation(error)) throw;
        faults_.add();
        log_.repeated(observability::fault_level(error), "outbox.watch_failed",
                      {{"error.message", error.what()}});
      }
      timer.expires_after(options_.watch);
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  /// From any thread: at most one wake-up is on its way at a time.
  void poke() {
    if (poked_.exchange(true)) return;
    asio::post(executor_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->wake_.cancel();
    });
  }

 private:
  struct Batching {
    explicit Batching(Loop& of) : loop(of) { loop.batching_ = true; }
    ~Batching() {
      loop.batching_ = false;
      loop.batch_over_.cancel();
    }
    Batching(const Batching&) = delete;
    Batching& operator=(const Batching&) = delete;
    Loop& loop;
  };

  /// True where there may be more.
  base::Task<bool> relay_batch() {
    poked_ = false;  // before the look: a commit after it pokes again
    auto rows = co_await outbox_.claim(batch_size_, options_.lease, deadline());
    if (rows.empty()) co_return false;
    base::failpoint("relay.after_select");
    const bool full = rows.size() == batch_size_;
    for (const auto& row : rows) {
      if (!row.defect.empty()) pass_over(row.id, row.defect.c_str());
    }
    std::erase_if(rows, [](const ports::OutboxRow& row) { return !row.defect.empty(); });
    auto batch = make_batch(std::move(rows));
    const auto outcome = co_await hand_over(batch);
    if (outcome == Outcome::unavailable) {
      batch_size_ = std::max<std::size_t>(1, batch.ids.size() / 2);
      co_await outbox_.release(std::move(batch.ids), deadline());
      throw base::Unavailable("the broker did not take the batch");
    }
    if (outcome == Outcome::broken) {
      co_await hand_over_singly(std::move(batch));
    } else {
      co_await taken(std::move(batch));
      batch_size_ = std::min(options_.batch_max, batch_size_ * 2);
    }
    co_return full || poked_;
  }

  struct Batch {
    std::vector<ports::OutboxId> ids;
    std::vector<std::shared_ptr<const domain::Event>> events;
    std::vector<std::optional<domain::JobId>> jobs;
  };
  enum class Outcome { published, unavailable, broken };

  static Batch make_batch(std::vector<ports::OutboxRow> rows) {
    Batch batch;
    for (auto& row : rows) {
      batch.ids.push_back(row.id);
      batch.jobs.push_back(row.job);
      batch.events.push_back(std::make_shared<const domain::Event>(std::move(row.event)));
    }
    return batch;
  }

  base::Task<Outcome> hand_over(Batch batch) {
    if (batch.ids.empty()) co_return Outcome::published;
    std::vector<domain::JobId> jobs;
    for (const auto& job : batch.jobs) {
      if (job) jobs.push_back(*job);
    }
    try {
      if (jobs.empty()) {
        co_await publish(std::move(batch.events));
      } else {
        co_await publish_and_announce(std::move(batch.events), jobs);
        announced_.add(jobs.size());
      }
      co_return Outcome::published;
    } catch (const std::exception& error) {
      if (base::is_cancellation(error)) throw;
      faults_.add();
      log_.repeated(observability::fault_level(error), "outbox.publish_failed",
                    {{"row_first", batch.ids.front().value()},
                     {"row_last", batch.ids.back().value()},
                     {"error.message", error.what()}});
      if (is_fault(error)) co_return Outcome::unavailable;
      if (batch.ids.size() == 1) pass_over(batch.ids.front(), error.what());
      co_return Outcome::broken;
    }
  }

  base::Task<void> publish(std::vector<std::shared_ptr<const domain::Event>> events) {
    co_await bus_.publish(std::move(events), deadline());
    base::failpoint("relay.after_publish");
  }

  /// Both at once: with a slow broker, one after the other would outlast the claim.
  base::Task<void> publish_and_announce(std::vector<std::shared_ptr<const domain::Event>> events,
                                        std::vector<domain::JobId> jobs) {
    auto both = asio::experimental::make_parallel_group(
        asio::co_spawn(executor_, publish(std::move(events)), asio::deferred),
        asio::co_spawn(executor_, jobs_.announce(std::move(jobs), deadline()), asio::deferred));
    const auto [order, publishing, announcing] =
        co_await both.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    // A cancellation that was on its way to one of the two finds the group alive.
    co_await asio::post(executor_, asio::use_awaitable);
    if (publishing) std::rethrow_exception(publishing);
    if (announcing) std::rethrow_exception(announcing);
  }

  /// One of them breaks the broker's client: the others must not wait for it. What is passed over
  /// stays claimed, and comes back when its lease ends.
  base::Task<void> hand_over_singly(Batch batch) {
    if (batch.ids.size() == 1) co_return;  // it is the one
    for (std::size_t i = 0; i < batch.ids.size(); ++i) {
      Batch one{{batch.ids[i]}, {batch.events[i]}, {batch.jobs[i]}};
      const auto outcome = co_await hand_over(one);
      if (outcome == Outcome::published) co_await taken(std::move(one));
      if (outcome != Outcome::unavailable) continue;
      co_await outbox_.release(
          {batch.ids.begin() + static_cast<std::ptrdiff_t>(i), batch.ids.end()}, deadline());
      throw base::Unavailable("the broker did not take a row");
    }
  }

  base::Task<void> taken(Batch batch) {
    if (batch.ids.empty()) co_return;
    published_.add(batch.ids.size());
    base::failpoint("relay.before_delete");
    co_await outbox_.erase(std::move(batch.ids), deadline());
  }

  void pass_over(ports::OutboxId row, const char* why) {
    broken_.add();
    log_.repeated(observability::Level::error, "outbox.row_broken",
                  {{"row", row.value()}, {"error.message", why}});
  }

  static bool is_fault(const std::exception& error) {
    return dynamic_cast<const base::Unavailable*>(&error) != nullptr;
  }

  /// Until a commit, at most one sweep long.
  base::Task<void> wait_for_poke() {
    if (poked_) co_return;
    wake_.expires_after(RUBRICON_SEEDED_BUG(lost_wake_up) ? std::chrono::hours(1) : options_.sweep);
    boost::system::error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }

  base::Deadline deadline() const {
    return base::Deadline::after(clock_.monotonic(), options_.call_timeout);
  }

  asio::any_io_executor executor_;
  base::Timer wake_;
  base::Timer batch_over_;
  bool batching_ = false;  ///< rows are claimed here
  bool stopping_ = false;
  std::atomic<bool> poked_ = false;
  ports::Outbox& outbox_;
  ports::EventBus& bus_;
  ports::JobQueue& jobs_;
  const ports::Clock& clock_;
  observability::Log& log_;
  RelayOptions options_;
  /// Half of the batch that the broker did not take, since a slow line may take a smaller one in
  /// time; doubled when one is taken.
  std::size_t batch_size_;
  observability::Counter& published_;
  observability::Counter& announced_;
  observability::Counter& faults_;
  observability::Counter& broken_;
  observability::Gauge& oldest_;
};

Relay::Relay(asio::any_io_executor executor, ports::Outbox& outbox, ports::EventBus& bus,
             ports::JobQueue& jobs, const ports::Clock& clock, observability::Log& log,
             observability::Metrics& metrics, RelayOptions options)
    : loop_(std::make_shared<Loop>(executor, outbox, bus, jobs, clock, log, metrics, options)),
      tasks_(executor, observability::log_task_errors(log, "outbox.relay_lost")),
      outbox_(outbox) {}

Relay::~Relay() = default;

void Relay::start() {
  outbox_.on_commit([weak = std::weak_ptr(loop_)] {
    if (const auto loop = weak.lock()) loop->poke();
  });
  const bool started = tasks_.spawn(loop_->run());
  RUBRICON_ASSERT(started);
  tasks_.spawn(loop_->watch());
}

base::Task<void> Relay::stop() {
  outbox_.on_commit({});
  co_await loop_->finish();
  co_await tasks_.stop();
}

}  // namespace rubricon::outbox
