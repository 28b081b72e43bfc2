#include <rubricon/worker/bulkhead.hpp>

#include <rubricon/base/fault.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::worker {
namespace asio = boost::asio;

base::Task<Bulkhead::Place> Bulkhead::enter(domain::UserId user, base::Deadline deadline) {
  if (admit(user)) co_return Place(this, user);
  if (is_full_for(user)) {
    throw base::Unavailable("too many questions wait for the model");
  }
  const auto waiter = std::make_shared<Waiter>(co_await asio::this_coro::executor);
  auto& own = users_[user];
  if (own.waiting.empty()) turns_.push_back(user);
  own.waiting.push_back(waiter);
  ++waiting_;
  waiter->timer.expires_at(deadline.instant());
  boost::system::error_code woken;
  co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (waiter->admitted) co_return Place(this, user);
  withdraw(user, waiter);
  if (woken) throw boost::system::system_error(woken);  // cancelled
  throw base::DeadlineExceeded("no place came free at the model in time");
}

/// Nobody who waits is overtaken: where there is room for one of them, they have been let in.
bool Bulkhead::admit(domain::UserId user) {
  auto& own = users_[user];
  if (busy_ >= options_.places || own.busy >= options_.places_per_user) {
    forget(user);
    return false;
  }
  ++busy_;
  ++own.busy;
  return true;
}

bool Bulkhead::is_full_for(domain::UserId user) const {
  const auto found = users_.find(user);
  const auto own = found == users_.end() ? 0 : found->second.waiting.size();
  return waiting_ >= options_.waiting_max || own >= options_.waiting_per_user_max;
}

void Bulkhead::withdraw(domain::UserId user, const std::shared_ptr<Waiter>& waiter) {
  auto& own = users_[user];
  std::erase(own.waiting, waiter);
  --waiting_;
  if (own.waiting.empty()) std::erase(turns_, user);
  forget(user);
}

void Bulkhead::leave(domain::UserId user) {
  --busy_;
  --users_[user].busy;
  forget(user);
  serve();
}

/// The next whose turn it is and who has not their share already; they go to the end of the line.
void Bulkhead::serve() {
  for (std::size_t looked = 0; looked < turns_.size() && busy_ < options_.places;) {
    const auto user = turns_.front();
    turns_.pop_front();
    auto& own = users_[user];
    if (own.busy >= options_.places_per_user) {
      turns_.push_back(user);
      ++looked;
      continue;
    }
    const auto waiter = own.waiting.front();
    own.waiting.pop_front();
    --waiting_;
    ++busy_;
    ++own.busy;
    if (!own.waiting.empty()) turns_.push_back(user);
    waiter->admitted = true;
    waiter->timer.cancel();
    looked = 0;
  }
}

void Bulkhead::forget(domain::UserId user) {
  const auto found = users_.find(user);
  if (found->second.busy == 0 && found->second.waiting.empty()) users_.erase(found);
}

}  // namespace rubricon::worker
