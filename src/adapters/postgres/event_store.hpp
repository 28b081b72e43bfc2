/// ports::EventStore on PostgreSQL.
#pragma once

#include <rubricon/ports/event_store.hpp>
#include <rubricon/postgres/reader.hpp>

namespace rubricon::postgres {

class EventStore final : public ports::EventStore {
 public:
  explicit EventStore(Reader& reader) : reader_(reader) {}

  base::Task<ports::EventPage> read(ports::EventQuery query, base::Deadline deadline) override;

 private:
  Reader& reader_;
};

}  // namespace rubricon::postgres
