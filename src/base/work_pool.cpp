#include <rubricon/base/work_pool.hpp>

namespace rubricon::base {

WorkPool::~WorkPool() {
  threads_.stop();
  threads_.join();
}

bool WorkPool::admit() {
  if (pending_.fetch_add(1, std::memory_order_relaxed) < queue_max_) return true;
  pending_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace rubricon::base
