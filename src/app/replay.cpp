#include <rubricon/app/replay.hpp>

#include <rubricon/app/histories.hpp>
#include <rubricon/app/running_server.hpp>
#include <rubricon/crypto/system_clock.hpp>

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include <cstdio>
#include <optional>
#include <stdexcept>
#include <vector>

namespace rubricon::app {
namespace {

constexpr std::size_t page = 500;

domain::StreamId parse_stream(const std::string& text) {
  if (const auto chat = domain::ChatId::parse(text)) return domain::StreamId(*chat);
  if (const auto stream = domain::StreamId::parse(text)) return *stream;
  throw ConfigError(fmt::format(
      "\"{}\" is no stream: give chat:<id>, user:<id> or the id of a chat, or --all", text));
}

std::vector<domain::StreamId> streams_of(ports::ChatHistories& store,
                                         const ReplayRequest& request) {
  if (request.all != request.stream.empty()) {
    throw ConfigError("give either a stream or --all");
  }
  if (!request.all) return {parse_stream(request.stream)};
  std::vector<domain::StreamId> streams;
  std::optional<domain::ChatId> after;
  for (;;) {
    const auto ids = store.chats(after, page);
    if (ids.empty()) return streams;
    for (const auto id : ids) streams.emplace_back(id);
    after = ids.back();
  }
}

struct Found {
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t count = 0;
};

Found stored(ports::ChatHistories& store, domain::StreamId stream, const ReplayRequest& request) {
  Found found;
  domain::Seq read(request.after);
  for (;;) {
    const auto events = store.events(stream, read, page);
    for (const auto& event : events) {
      if (event.seq.value() > request.until) return found;
      if (found.count++ == 0) found.first = event.seq.value();
      found.last = event.seq.value();
      read = event.seq;
    }
    if (events.size() < page) return found;
  }
}

/// Publishes a page; where to go on. Throws what a person is to read.
std::int64_t publish_page(RunningServer& server, domain::StreamId stream, std::int64_t after,
                          std::int64_t until) {
  boost::json::object body;
  body["stream"] = stream.to_string();
  body["after"] = after;
  body["until"] = until;
  return server.ask("/admin/events/replay", body).value().at("last").as_int64();
}

}  // namespace

int replay_events(const Config& config, const ReplayRequest& request) {
  const crypto::SystemClock clock;
  const auto store = open_histories(config, clock);
  const auto streams = streams_of(*store, request);
  std::optional<RunningServer> server;
  if (!request.dry_run) server.emplace(config);
  std::int64_t events = 0;
  std::size_t with_events = 0;
  for (const auto& stream : streams) {
    const auto found = stored(*store, stream, request);
    if (found.count == 0) continue;
    for (auto done = found.first - 1; server && done < found.last;) {
      const auto last = publish_page(*server, stream, done, found.last);
      if (last <= done) throw std::runtime_error("the server has fewer events than its database");
      done = last;
    }
    std::printf("%s: %lld to %lld\n", stream.to_string().c_str(),
                static_cast<long long>(found.first), static_cast<long long>(found.last));
    events += found.count;
    ++with_events;
  }
  std::printf("%lld events of %zu streams %s\n", static_cast<long long>(events), with_events,
              request.dry_run ? "would be published again" : "published again");
  return 0;
}

}  // namespace rubricon::app
