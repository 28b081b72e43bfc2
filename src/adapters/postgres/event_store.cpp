#include <rubricon/postgres/event_store.hpp>

#include <rubricon/postgres/event_log.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::postgres {
namespace {

Query head_query(const domain::StreamId& stream) {
  return stream.chat() ? query("SELECT epoch, last_seq FROM chats WHERE id = $1", *stream.chat())
                       : query("SELECT epoch, last_seq FROM users WHERE id = $1", *stream.user());
}

}  // namespace

base::Task<ports::EventPage> EventStore::read(ports::EventQuery query, base::Deadline deadline) {
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, ports::event_page_max);
  const auto asked = co_await reader_.ask_all(
      together(head_query(query.stream), events_query(query.stream, query.after, limit)), deadline);
  ports::EventPage page;
  if (asked[0].empty()) co_return page;
  const auto head = asked[0].front();
  page.head = {head.number<domain::Epoch>(0), head.number<domain::Seq>(1)};
  std::size_t bytes = 0;
  auto next = query.after.next();
  for (const auto row : asked[1]) {
    auto event = event_at(row, 0, query.stream);
    // What is missing before it is in a quarter that was detached.
    if (event.seq != next) break;
    bytes += event.data.size();
    if (!page.events.empty() && bytes > query.bytes_max) break;
    page.events.push_back(std::move(event));
    next = next.next();
  }
  page.gone = page.events.empty() && query.after < page.head.seq;
  co_return page;
}

}  // namespace rubricon::postgres
