#include <rubricon/net/flush_queue.hpp>

#include <rubricon/base/failpoint.hpp>

#include <boost/asio/post.hpp>

namespace rubricon::net {

void FlushQueue::add(std::shared_ptr<Target> target) {
  auto batch = next_.lock();
  if (!batch) {
    batch = std::make_shared<Batch>();
    next_ = batch;
    boost::asio::post(executor_, [this, batch] {
      next_.reset();  // what is added while flushing goes to the next step
      flush(*batch);
    });
  }
  batch->push_back(std::move(target));
}

void FlushQueue::flush(const Batch& batch) {
  const void* written = nullptr;
  for (const auto& each : batch) {
    if constexpr (base::failpoints_built_in) {
      const auto* const newest = each->newest();
      if (newest != nullptr && newest == written) base::failpoint("gateway.mid_fanout");
      written = newest;
    }
    each->flush();
  }
}

}  // namespace rubricon::net
