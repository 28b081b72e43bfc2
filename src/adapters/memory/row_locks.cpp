#include <rubricon/memory/row_locks.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::memory {
namespace asio = boost::asio;

bool RowLocks::try_lock(const RowKey& key, Owner owner) {
  return rows_.try_emplace(key, Row{owner, {}}).first->second.holder == owner;
}

base::Task<bool> RowLocks::lock(RowKey key, Owner owner) {
  if (try_lock(key, owner)) co_return true;
  const auto executor = co_await asio::this_coro::executor;
  const auto waiter = std::make_shared<Waiter>(owner, executor);
  rows_.at(key).line.push_back(waiter);
  boost::system::error_code ignored;
  co_await waiter->turn.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  co_return held_by(key, owner);
}

void RowLocks::give_up(const RowKey& key, Owner owner) {
  const auto row = rows_.find(key);
  if (row == rows_.end()) return;
  auto& [holder, line] = row->second;
  if (holder != owner) {
    const auto place = std::ranges::find(line, owner, [](const auto& w) { return w->owner; });
    if (place == line.end()) return;
    const auto waiter = std::move(*place);
    line.erase(place);
    waiter->turn.cancel();
  } else if (line.empty()) {
    rows_.erase(row);
  } else {
    const auto next = line.front();
    line.pop_front();
    holder = next->owner;
    next->turn.cancel();
  }
}

bool RowLocks::held_by(const RowKey& key, Owner owner) const {
  const auto row = rows_.find(key);
  return row != rows_.end() && row->second.holder == owner;
}

}  // namespace rubricon::memory
