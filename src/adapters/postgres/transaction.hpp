/// What one write may use while it runs: the connection inside its transaction, the time, new ids.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/pool.hpp>
#include <rubricon/postgres/query.hpp>

#include <exception>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::postgres {

/// Whether a commit must be on stable storage before it is acknowledged. `lazy` is for changes
/// whose loss by a power failure costs nothing but work: they are still atomic.
enum class Durability { lazy, full };

/// READ COMMITTED. Statements whose answers nobody needs are kept back and leave with the next one
/// that is asked, or with the commit: BEGIN costs no round trip of its own, and a write that needs
/// to look once takes two. Lock the chat before looking at anything that its lock protects.
///
/// Not safe to use after one of its calls has thrown, but for roll_back.
class Transaction {
 public:
  /// `connection` has no open transaction, and outlives this.
  Transaction(Connection* connection, const ports::Clock& clock, ports::Random& random,
              base::Deadline deadline, Durability durability = Durability::full);

  /// One transaction, one time.
  base::Time now() const { return now_; }

  /// A UUIDv7 whose time is `at`.
  template <typename Id>
  Id make_id(base::Time at) {
    return Id(make_uuid(at));
  }

  /// Will be run, in its place among the others.
  template <typename... Arguments>
  void run(std::string_view sql, const Arguments&... arguments) {
    kept_.push_back(postgres::query(sql, arguments...));
  }

  /// Runs it, and all that was kept back before it.
  template <typename... Arguments>
  base::Task<Answer> query(std::string_view sql, const Arguments&... arguments) {
    return ask(postgres::query(sql, arguments...));
  }
  base::Task<Answer> ask(Query query);
  /// Several at once: an answer each.
  base::Task<std::vector<Answer>> ask_all(std::vector<Query> queries);

  /// The last statement and the commit in one round trip.
  base::Task<Answer> ask_and_commit(Query query);
  /// Does nothing where it is committed already.
  base::Task<void> commit();
  /// Never throws: a connection that cannot roll back is closed by its pool.
  base::Task<void> roll_back();

  /// From here on it is unknown, when the connection is lost, whether the transaction was
  /// committed.
  bool commit_sent() const { return commit_sent_; }

  /// That events were written, of which the relay is to be told after the commit.
  void note_outbox() { outbox_written_ = true; }
  bool outbox_written() const { return outbox_written_; }

 private:
  base::Task<std::vector<Answer>> send();
  base::Uuid make_uuid(base::Time at);

  Connection* connection_;
  ports::Random& random_;
  base::Deadline deadline_;
  base::Time now_;
  std::vector<Query> kept_;
  bool commit_sent_ = false;
  bool done_ = false;
  bool outbox_written_ = false;
};

/// Runs transactions of one shard, each on a connection of its own.
class Transactor {
 public:
  /// All outlive it.
  Transactor(Pool& pool, const ports::Clock& clock, ports::Random& random)
      : pool_(pool), clock_(clock), random_(random) {}

  template <typename T>
  using Body = std::function<base::Task<T>(Transaction*)>;

  /// Runs `body` in a transaction and commits it, whatever it returned: a function that answers
  /// with an error has changed nothing. A deadlock, or a connection that is lost before the commit,
  /// makes it run again, at most three times. `body` owns what it uses.
  template <typename T>
  base::Task<T> perform(base::Deadline deadline, Body<T> body,
                        Durability durability = Durability::full) {
    constexpr int attempts_max = 4;
    for (int attempt = 1;; ++attempt) {
      auto lease = co_await pool_.acquire(deadline);
      Transaction transaction(lease.get(), clock_, random_, deadline, durability);
      std::exception_ptr error;
      try {
        T value = co_await body(&transaction);
        if (transaction.outbox_written()) base::failpoint("api.before_commit");
        co_await transaction.commit();
        committed(transaction);
        co_return value;
      } catch (...) {
        error = std::current_exception();
      }
      const bool again = attempt < attempts_max && repeatable(error, transaction);
      co_await transaction.roll_back();
      if (!again) std::rethrow_exception(error);
    }
  }

  /// See ports::Outbox::on_commit.
  void on_outbox_commit(std::function<void()> poke) { poke_ = std::move(poke); }
  /// Calls the listener.
  void poke() const {
    if (poke_) poke_();
  }

 private:
  static bool repeatable(const std::exception_ptr& error, const Transaction& transaction);
  void committed(const Transaction& transaction) const;

  Pool& pool_;
  const ports::Clock& clock_;
  ports::Random& random_;
  std::function<void()> poke_;
};

/// For ports that return nothing.
struct Done {};
inline base::Task<void> finished(base::Task<Done> task) {
  co_await std::move(task);
}

}  // namespace rubricon::postgres
