/// ports::EventStore in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class EventStore final : public ports::EventStore {
 public:
  explicit EventStore(std::shared_ptr<Link> link) : link_(std::move(link)) {}

  base::Task<ports::EventPage> read(ports::EventQuery query, base::Deadline deadline) override;

 private:
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
