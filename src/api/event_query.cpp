#include <rubricon/api/event_query.hpp>

#include <rubricon/api/query_reader.hpp>

#include <limits>

namespace rubricon::api {

base::Result<ports::EventQuery> read_event_query(const net::HttpHead& head,
                                                 const domain::StreamId& stream) {
  constexpr std::int64_t limit_max = 500, limit_default = 100;
  QueryReader reader(head, {"after", "limit"});
  const auto after = reader.integer("after", 0, std::numeric_limits<std::int64_t>::max());
  const auto limit = reader.integer("limit", 1, limit_max);
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return ports::EventQuery{.stream = stream,
                           .after = domain::Seq(after.value_or(0)),
                           .limit = static_cast<std::size_t>(limit.value_or(limit_default))};
}

}  // namespace rubricon::api
