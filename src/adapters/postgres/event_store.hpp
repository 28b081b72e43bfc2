/// ports::EventStore on PostgreSQL.
#pragma once

#include <rubricon/ports/event_store.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/replicas.hpp>

namespace rubricon::postgres {

class EventStore final : public ports::EventStore {
 public:
  EventStore(Reader& reader, Replicas& replicas) : reader_(reader), replicas_(replicas) {}

  base::Task<ports::EventPage> read(ports::EventQuery query, base::Deadline deadline) override;

 private:
  Reader& reader_;
  Replicas& replicas_;
};

}  // namespace rubricon::postgres
