/// ports::EventStore on SQLite.
#pragma once

#include <rubricon/ports/event_store.hpp>
#include <rubricon/sqlite/work.hpp>

namespace rubricon::sqlite {

class Connection;

class EventStore final : public ports::EventStore {
 public:
  explicit EventStore(WorkQueue<Connection>& readers) : readers_(readers) {}

  base::Task<ports::EventPage> read(ports::EventQuery query, base::Deadline deadline) override;

 private:
  WorkQueue<Connection>& readers_;
};

}  // namespace rubricon::sqlite
