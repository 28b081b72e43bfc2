/// Rows that one transaction at a time may hold, first come, first served.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/memory/tables.hpp>

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <variant>

namespace rubricon::memory {

/// What decides who is the first user, and that an address is used once.
struct SignUp {
  auto operator<=>(const SignUp&) const = default;
};

/// A transaction waits for rows in the order of these keys alone, so that no two wait for each
/// other: first by kind as listed here, then by id.
using RowKey = std::variant<SignUp, domain::ChatId, domain::JobId, MemberKey, ResponseKey,
                            ports::OutboxId, domain::SessionId, domain::UserId>;

/// One shard.
class RowLocks {
 public:
  using Owner = std::uint64_t;

  /// Whether the row is the owner's now; it was free, or the owner's already.
  bool try_lock(const RowKey& key, Owner owner);

  /// Waits its turn. False where the wait was cancelled or the key given up in the meantime.
  base::Task<bool> lock(RowKey key, Owner owner);

  /// Gives the row to the next in line, or leaves the line. Harmless where the owner has neither.
  void give_up(const RowKey& key, Owner owner);

  bool held_by(const RowKey& key, Owner owner) const;

 private:
  struct Waiter {
    Waiter(Owner its_owner, const boost::asio::any_io_executor& executor)
        : owner(its_owner), turn(executor) {
      turn.expires_at(base::Instant::max());
    }

    Owner owner;
    base::Timer turn;  ///< never fires; cancelled to wake who waits
  };
  struct Row {
    Owner holder;
    std::deque<std::shared_ptr<Waiter>> line;
  };

  std::map<RowKey, Row> rows_;
};

}  // namespace rubricon::memory
