/// One call to the server, from the request to the reply: what it sees, what it holds, and what
/// becomes of it when its connection is lost.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/memory/database.hpp>
#include <rubricon/memory/row_locks.hpp>
#include <rubricon/memory/table_view.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rubricon::memory {

class Transaction;

struct Server {
  Server(const ports::Clock& its_clock, ports::Random& its_random)
      : clock(its_clock), random(its_random) {}

  const ports::Clock& clock;
  ports::Random& random;
  Tables tables;
  RowLocks locks;
  std::map<RowLocks::Owner, Transaction*> open;
  RowLocks::Owner last_transaction = 0;
  std::int64_t last_outbox_id = 0;  ///< drawn; not given back by a rollback
};

/// A client's end.
struct Link {
  std::shared_ptr<Server> server;
  ClientOptions options;
  std::size_t open = 0;
  std::function<void()> poke;
};

/// The tables as a transaction sees them.
struct View {
  explicit View(Tables& tables);
  void apply();

  TableView<domain::UserId, UserRow> users;
  TableView<std::string, domain::UserId> emails;
  TableView<domain::SessionId, SessionRow> sessions;
  TableView<ports::TokenHash, TokenRow> tokens;
  TableView<domain::ChatId, ChatRow> chats;
  TableView<MemberKey, MemberRow> members;
  TableView<MessageKey, domain::Message> messages;
  TableView<EventKey, domain::Event> events;
  TableView<ports::OutboxId, OutboxEntry> outbox;
  TableView<ResponseKey, ResponseRow> responses;
  TableView<JobKey, JobRow> jobs;
  TableView<domain::JobId, JobKey> job_keys;
  TableView<RubricKey, domain::RubricRecord> rubrics;
};

/// Lives on the frame of the coroutine that makes the call; its end without a commit is a rollback.
/// Everything between two awaits is of one instant.
class Transaction {
 public:
  /// `call` is a literal.
  Transaction(std::shared_ptr<Link> link, const char* call, base::Deadline deadline);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// Reaches the server. Every one of these four throws base::Unavailable once the connection is
  /// lost, and the first two base::DeadlineExceeded.
  base::Task<void> begin();
  /// Waits for the row. Keys come in ascending order.
  base::Task<void> lock(RowKey key);
  /// Makes the changes everybody's, gives the rows back, and tells the caller.
  base::Task<void> commit();
  /// The end of a call that changes nothing.
  base::Task<void> reply();

  /// The row, if it is free.
  bool try_lock(const RowKey& key);
  bool holds(const RowKey& key) const;

  /// Of this call: stands still from the last wait for a row on.
  base::Time now() const { return now_; }
  base::Instant monotonic() const { return link_->server->clock.monotonic(); }

  /// A UUIDv7 whose time is `at`.
  template <typename Id>
  Id make_id(base::Time at) {
    return Id(make_uuid(at));
  }
  ports::OutboxId draw_outbox_id();

  /// The connection is lost: rolls back what is not committed.
  void lose();
  const Link* link() const { return link_.get(); }

  View rows;

 private:
  base::Uuid make_uuid(base::Time at);
  base::Task<void> pause(Moment moment);
  void check_connection() const;
  void check_deadline() const;
  void give_up_rows();

  std::shared_ptr<Link> link_;
  const char* call_;
  base::Deadline deadline_;
  RowLocks::Owner number_;
  base::Time now_;
  std::vector<RowKey> held_;  ///< and waited for
  bool drawn_ = false;
  bool lost_ = false;
};

/// A call that reads: `body` sees one instant.
template <typename T>
base::Task<T> read(std::shared_ptr<Link> link, const char* call, base::Deadline deadline,
                   std::function<T(const View&)> body) {
  Transaction transaction(std::move(link), call, deadline);
  co_await transaction.begin();
  T result = body(transaction.rows);
  co_await transaction.reply();
  co_return result;
}

/// A call that changes rows behind `keys`, which it knows beforehand.
template <typename T>
base::Task<T> write(std::shared_ptr<Link> link, const char* call, base::Deadline deadline,
                    std::vector<RowKey> keys, std::function<T(Transaction&)> body) {
  Transaction transaction(std::move(link), call, deadline);
  co_await transaction.begin();
  for (const auto& key : keys) co_await transaction.lock(key);
  T result = body(transaction);
  co_await transaction.commit();
  co_return result;
}

}  // namespace rubricon::memory
