/// What one write may use while it runs: the connection inside its transaction, the time, new ids.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/outbox.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/sqlite/connection.hpp>

namespace rubricon::sqlite {

/// Lives on the writer thread.
class Transaction {
 public:
  Transaction(Connection& connection, const ports::Clock& clock, ports::Random& random,
              std::int64_t outbox_last)
      : db(connection),
        clock_(clock),
        random_(random),
        now_(clock.now()),
        outbox_last_(outbox_last) {}

  Connection& db;

  /// One call, one time: `now` stands still until the next call begins.
  void begin_call() { now_ = clock_.now(); }
  base::Time now() const { return now_; }

  /// A UUIDv7 whose time is `at`.
  template <typename Id>
  Id make_id(base::Time at) {
    return Id(make_uuid(at));
  }

  /// Never the same twice while the file is open, rolled back or not, so that erasing a row that is
  /// gone cannot hit a newer one.
  ports::OutboxId next_outbox_id() {
    outbox_written_ = true;
    return ports::OutboxId(++outbox_last_);
  }

  bool outbox_written() const { return outbox_written_; }
  /// Whether rows were added since the last call.
  bool take_outbox_written() { return std::exchange(outbox_written_, false); }

 private:
  base::Uuid make_uuid(base::Time at);

  const ports::Clock& clock_;
  ports::Random& random_;
  base::Time now_;
  std::int64_t outbox_last_;
  bool outbox_written_ = false;
};

}  // namespace rubricon::sqlite
