#include <rubricon/memory/event_store.hpp>

#include <rubricon/memory/chat_queries.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace rubricon::memory {
namespace {

ports::EventPage read_events(const View& rows, const ports::EventQuery& query) {
  ports::EventPage page{.head = head_of(rows, query.stream), .events = {}};
  const auto limit = std::clamp<std::size_t>(query.limit, 1, ports::event_page_max);
  const domain::Seq last(std::numeric_limits<std::int64_t>::max());
  std::size_t bytes = 0;
  const auto events = rows.events.range({query.stream, query.after.next()}, {query.stream, last});
  for (const auto* const event : events) {
    bytes += event->data.size();
    if (page.events.size() == limit || (!page.events.empty() && bytes > query.bytes_max)) break;
    page.events.push_back(*event);
  }
  return page;
}

}  // namespace

base::Task<ports::EventPage> EventStore::read(ports::EventQuery query, base::Deadline deadline) {
  return memory::read<ports::EventPage>(link_, "events.read", deadline, [query](const View& rows) {
    return read_events(rows, query);
  });
}

}  // namespace rubricon::memory
