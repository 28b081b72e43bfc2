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
      for (const auto& each : *batch) {
        base::failpoint("gateway.mid_fanout");
        each->flush();
      }
    });
  }
  batch->push_back(std::move(target));
}

}  // namespace rubricon::net
