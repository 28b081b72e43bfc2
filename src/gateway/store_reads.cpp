#include <rubricon/gateway/store_reads.hpp>

#include <utility>

namespace rubricon::gateway {

void StoreReads::start(base::Task<void> read) {
  if (running_ >= running_max_) {
    waiting_.push_back(std::move(read));
  } else if (tasks_.spawn(run(std::move(read)))) {
    ++running_;
  }
}

base::Task<void> StoreReads::run(base::Task<void> read) {
  co_await std::move(read);
  while (!waiting_.empty()) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    co_await std::move(next);
  }
  --running_;
}

}  // namespace rubricon::gateway
