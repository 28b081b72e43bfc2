#include <rubricon/sqlite/event_store.hpp>

#include <rubricon/sqlite/connection.hpp>
#include <rubricon/sqlite/event_log.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::sqlite {
namespace {

domain::Position find_head(Connection& db, const domain::StreamId& stream) {
  auto row = stream.chat()
                 ? db.query("SELECT epoch, last_seq FROM chats WHERE id = ?", *stream.chat())
                 : db.query("SELECT epoch, last_seq FROM users WHERE id = ?", *stream.user());
  if (!row.step()) return {};
  return {row.number<domain::Epoch>(0), row.number<domain::Seq>(1)};
}

ports::EventPage read_events(Connection& db, const ports::EventQuery& query) {
  const Snapshot snapshot(db);
  ports::EventPage page{.head = find_head(db, query.stream), .events = {}};
  if (page.head.epoch.value() == 0) return page;
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, ports::event_page_max);
  std::size_t bytes = 0;
  auto row = events_after(db, query.stream, query.after, limit);
  while (row.step()) {
    auto event = event_at(row, 0, query.stream);
    bytes += event.data.size();
    if (!page.events.empty() && bytes > query.bytes_max) break;
    page.events.push_back(std::move(event));
  }
  return page;
}

}  // namespace

base::Task<ports::EventPage> EventStore::read(ports::EventQuery query, base::Deadline deadline) {
  return perform<ports::EventPage, Connection>(
      &readers_, deadline, [query](Connection& db) { return read_events(db, query); });
}

}  // namespace rubricon::sqlite
