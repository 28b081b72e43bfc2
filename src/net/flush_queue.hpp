/// One flush a step of the loop: whoever has something to write registers, and all are flushed
/// together after the handlers that are ready now have run. What they queue until then leaves in
/// the same write.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <vector>

namespace rubricon::net {

class FlushQueue {
 public:
  class Target {
   public:
    virtual void flush() = 0;
    /// What it was last given to write: the same for all targets of one broadcast. Null where
    /// nothing waits.
    virtual const void* newest() const = 0;

   protected:
    ~Target() = default;
  };

  explicit FlushQueue(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// Calls `flush` once, soon, never inside this call; keeps the target until then. A target sees
  /// to it that it is not added again meanwhile.
  void add(std::shared_ptr<Target> target);

 private:
  using Batch = std::vector<std::shared_ptr<Target>>;

  static void flush(const Batch& batch);

  boost::asio::any_io_executor executor_;
  std::weak_ptr<Batch> next_;  ///< owned by the posted handler, so that it dies with the loop
};

}  // namespace rubricon::net
