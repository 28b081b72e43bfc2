#include <rubricon/gateway/store_reads.hpp>

#include <exception>
#include <utility>

namespace rubricon::gateway {

std::optional<ReadTicket> StoreReads::start(base::Task<void> read) {
  const bool waits = running_ >= running_max_;
  if (tasks_.stopped() || (waits && waiting_.size() >= waiting_max_)) return std::nullopt;
  last_ = last_.next();
  if (waits) {
    waiting_.emplace(last_, std::move(read));
  } else {
    tasks_.spawn(run(std::move(read)));
    ++running_;
  }
  return last_;
}

base::Task<void> StoreReads::run(base::Task<void> read) {
  std::exception_ptr thrown;
  try {
    co_await std::move(read);
  } catch (...) {
    thrown = std::current_exception();  // its place is free all the same
  }
  --running_;
  if (!waiting_.empty() && running_ < running_max_) {
    auto next = waiting_.extract(waiting_.begin());
    if (tasks_.spawn(run(std::move(next.mapped())))) ++running_;
  }
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace rubricon::gateway
