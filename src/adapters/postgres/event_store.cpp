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

ports::EventPage page_in(const std::vector<Answer>& asked, const ports::EventQuery& query) {
  ports::EventPage page;
  if (asked[0].empty()) return page;
  const auto head = asked[0].front();
  page.head = {head.number<domain::Epoch>(0), head.number<domain::Seq>(1)};
  std::size_t bytes = 0;
  auto next = query.after.next();
  for (const auto row : asked[1]) {
    auto event = event_at(row, 0, query.stream);
    // What is missing before it is in a quarter that was taken out.
    if (event.seq != next) break;
    bytes += event.data.size();
    if (!page.events.empty() && bytes > query.bytes_max) break;
    page.events.push_back(std::move(event));
    next = next.next();
  }
  page.gone = page.events.empty() && query.after < page.head.seq;
  return page;
}

}  // namespace

base::Task<ports::EventPage> EventStore::read(ports::EventQuery query, base::Deadline deadline) {
  const std::size_t limit = std::clamp<std::size_t>(query.limit, 1, ports::event_page_max);
  const auto queries =
      together(head_query(query.stream), events_query(query.stream, query.after, limit));
  if (query.min_seq && !replicas_.none()) {
    // A quarter that came back a moment ago is not there yet: that something is gone is for the
    // primary to say.
    const Fresh fresh = [query](const std::vector<Answer>& answers) {
      const auto page = page_in(answers, query);
      return page.head.epoch.value() > 0 && page.head.seq >= *query.min_seq && !page.gone;
    };
    auto copy = queries;
    const auto asked = co_await replicas_.ask_all(std::move(copy), fresh, deadline);
    if (asked) co_return page_in(*asked, query);
  }
  auto copy = queries;
  co_return page_in(co_await reader_.ask_all(std::move(copy), deadline), query);
}

}  // namespace rubricon::postgres
