/// The part of Rooms that asks the store and waits.
#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/gateway/rooms.hpp>
#include <rubricon/observability/fault_level.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::gateway {
namespace {

/// How many streams one statement asks about.
constexpr std::size_t heads_per_question = 500;
/// A hole is filled in small pages: each goes to every socket of the room at once.
constexpr std::size_t hole_events_per_page = 100;
constexpr std::size_t hole_bytes_per_page = 256 << 10;
/// Users who connect within this time are asked about together.
constexpr base::Milliseconds user_joins_gather{2};
constexpr base::Milliseconds join_again_after{1'000};

}  // namespace

base::Deadline Rooms::deadline() const {
  return base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
}

base::Error Rooms::store_failed(const std::exception& fault) {
  meters_.store_faults.add();
  services_.log.repeated(observability::fault_level(fault), "gateway.store_failed",
                         {{"error.message", fault.what()}});
  return {base::ErrorCode::unavailable, "try again", {}, {}};
}

base::Error Rooms::too_many_wait() {
  meters_.reads_refused.add();
  services_.log.repeated(observability::Level::warning, "gateway.store_reads_full",
                         {{"waiting", reads_.waiting()}});
  return {base::ErrorCode::unavailable, "too many wait for the store, try again", {}, {}};
}

void Rooms::authorised(domain::StreamId stream, SubscriberId who,
                       const base::Result<domain::Position>& head) {
  const auto found = rooms_.find(stream);
  if (found == rooms_.end()) return;
  auto& room = found->second.room;
  perform(stream, head ? room.authorised(who, *head) : room.refused(who, head.error()));
}

base::Task<void> Rooms::authorise(domain::StreamId stream, SubscriberId who, domain::UserId user,
                                  base::Deadline deadline) {
  base::Result<domain::Position> head;
  try {
    // Waiting for its turn has taken part of the time.
    if (deadline.reached(services_.clock.monotonic())) {
      throw base::DeadlineExceeded("the question waited too long for its turn");
    }
    const auto chat = *stream.chat();
    const auto membership = co_await services_.chats.membership(user, chat, deadline);
    if (membership) {
      head = membership->head;
    } else {
      head = std::unexpected(membership.error());
    }
  } catch (const std::exception& fault) {
    head = std::unexpected(store_failed(fault));
  }
  authorised(stream, who, head);
}

base::Task<void> Rooms::find_user_heads() {
  co_await base::pause(user_joins_gather);
  auto all = std::exchange(user_joins_, {});
  std::erase_if(all, [this](const auto& asked) { return !stays_.contains(asked.second); });
  for (std::size_t done = 0; done < all.size(); done += heads_per_question) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(done);
    const auto count = std::min(heads_per_question, all.size() - done);
    const UserJoins some(first, first + static_cast<std::ptrdiff_t>(count));
    if (reads_.start(ask_user_heads(some, deadline()))) continue;
    const auto error = too_many_wait();
    for (const auto& [stream, who] : some) authorised(stream, who, std::unexpected(error));
  }
}

base::Task<void> Rooms::ask_user_heads(UserJoins asked, base::Deadline deadline) {
  std::unordered_map<domain::StreamId, domain::Position> heads;
  std::optional<base::Error> failed;
  try {
    std::vector<domain::StreamId> streams;
    for (const auto& [stream, who] : asked) streams.push_back(stream);
    for (const auto& head : co_await services_.chats.heads(std::move(streams), deadline)) {
      heads.emplace(head.stream, head.head);
    }
  } catch (const std::exception& fault) {
    failed = store_failed(fault);
  }
  for (const auto& [stream, who] : asked) {
    const auto known = heads.find(stream);
    // A user to whom nothing has happened yet: the stream begins with what comes.
    const auto head =
        known != heads.end() ? known->second : domain::Position{domain::Epoch(1), domain::Seq(0)};
    authorised(stream, who,
               failed ? base::Result<domain::Position>(std::unexpected(*failed)) : head);
  }
}

/// One replay of a socket at a time, and none before the last one is on its way: many joins at once
/// must not look like a client that does not read.
void Rooms::start_replay(const ClientPtr& client) {
  if (client->replaying || client->replays.empty()) return;
  const auto socket = client->socket.lock();
  client->replaying = true;
  if (socket && socket->queued_bytes() > options_.limits.queue_bytes_replay) {
    tasks_.spawn(replay_when_drained(client));
  } else {
    begin_replay(client);
  }
}

void Rooms::begin_replay(const ClientPtr& client) {
  // Those who left meanwhile have taken their replays with them.
  if (client->replays.empty()) {
    client->replaying = false;
    return;
  }
  const auto replay = client->replays.front();
  client->replays.pop_front();
  const ReplayPlace place{replay.stream, replay.after};
  auto& gathered = gathered_replays_[place];
  gathered.push_back({client, replay.who});
  if (gathered.size() == 1) tasks_.spawn(gather_replays(place));
}

void Rooms::end_replay(const ClientPtr& client) {
  client->replaying = false;
  start_replay(client);
}

/// After a crash of the server everybody in a chat has missed the same.
base::Task<void> Rooms::gather_replays(ReplayPlace place) {
  co_await base::pause(options_.replays_gather);
  if (reads_.start(read_replays(place))) co_return;
  const auto all = std::move(gathered_replays_.extract(place).mapped());
  const auto error = too_many_wait();
  for (const auto& [client, who] : all) {
    const auto found = rooms_.find(place.stream);
    if (found != rooms_.end()) perform(place.stream, found->second.room.refused(who, error));
    end_replay(client);
  }
}

base::Task<void> Rooms::replay_when_drained(ClientPtr client) {
  for (bool drained = false; !drained;) {
    co_await base::pause(options_.replay_pace);
    const auto socket = client->socket.lock();
    drained = !socket || socket->queued_bytes() <= options_.limits.queue_bytes_replay;
  }
  begin_replay(client);
}

base::Task<void> Rooms::read_replays(ReplayPlace place) {
  // Whoever asks from now on may have to see more than this read finds.
  const auto all = std::move(gathered_replays_.extract(place).mapped());
  const bool wanted =
      std::ranges::any_of(all, [this](const auto& each) { return stays_.contains(each.who); });
  ports::EventQuery query{.stream = place.stream,
                          .after = place.after,
                          .limit = options_.room.replay_events_max,
                          .bytes_max = options_.room.replay_bytes_max,
                          .min_seq = newest_known(place.stream)};
  ports::EventPage page;
  std::optional<base::Error> failed;
  try {
    if (wanted) page = co_await services_.events.read(query, deadline());
    meters_.replay_reads.add(wanted ? 1 : 0);
  } catch (const std::exception& fault) {
    failed = store_failed(fault);
  }
  for (const auto& [client, who] : all) {
    base::failpoint("gateway.mid_join");
    const auto found = rooms_.find(place.stream);
    if (found != rooms_.end()) {
      auto& room = found->second.room;
      perform(place.stream, failed ? room.refused(who, *failed) : room.replay_read(who, page));
    }
    end_replay(client);
  }
}

/// What an answer must have: all that joins and the broker have told of.
std::optional<domain::Seq> Rooms::newest_known(const domain::StreamId& stream) const {
  const auto found = rooms_.find(stream);
  if (found == rooms_.end()) return std::nullopt;
  return found->second.room.newest_known();
}

base::Task<void> Rooms::read_hole(domain::StreamId stream, std::uint64_t generation,
                                  domain::Seq after) {
  ports::EventQuery query{.stream = stream,
                          .after = after,
                          .limit = hole_events_per_page,
                          .bytes_max = hole_bytes_per_page,
                          .min_seq = newest_known(stream)};
  ports::EventPage page;
  bool failed = false;
  try {
    page = co_await services_.events.read(query, deadline());
  } catch (const std::exception& fault) {
    store_failed(fault);
    failed = true;
  }
  const auto found = rooms_.find(stream);
  if (found == rooms_.end() || found->second.generation != generation) co_return;
  auto& room = found->second.room;
  perform(stream, failed ? room.hole_failed() : room.hole_read(page));
}

base::Task<void> Rooms::wait(domain::StreamId stream, std::uint64_t generation,
                             base::Milliseconds time) {
  co_await base::pause(time);
  const auto found = rooms_.find(stream);
  if (found == rooms_.end() || found->second.generation != generation) co_return;
  perform(stream, found->second.room.waited());
}

base::Task<void> Rooms::join_again_later(ClientPtr client, domain::StreamId stream, JoinFrom from,
                                         Purpose purpose) {
  co_await base::pause(join_again_after);
  const auto socket = client->socket.lock();
  if (!socket || !socket->connected() || !client->retries.contains(stream)) co_return;
  begin(client, stream, from, {}, purpose);
}

base::Task<void> Rooms::check_heads() {
  std::vector<domain::StreamId> all;
  for (const auto& [stream, room] : rooms_) {
    if (room.room.head().epoch.value() > 0) all.push_back(stream);
  }
  for (std::size_t done = 0; done < all.size(); done += heads_per_question) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(done);
    const auto count = std::min(heads_per_question, all.size() - done);
    std::vector<domain::StreamId> some(first, first + static_cast<std::ptrdiff_t>(count));
    const auto heads = co_await services_.chats.heads(std::move(some), deadline());
    for (const auto& head : heads) {
      const auto found = rooms_.find(head.stream);
      if (found != rooms_.end()) perform(head.stream, found->second.room.checked(head.head));
    }
  }
}

}  // namespace rubricon::gateway
