#include <rubricon/gateway/recovery.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/observability/fault_level.hpp>

#include <cstdint>
#include <utility>

namespace rubricon::gateway {

using socketio_server::Recovered;

Recovery::Recovery(StoreReads& reads, const RecoverySeal& seal, const Services& services,
                   Meters& meters, const Options& options)
    : reads_(reads), seal_(seal), services_(services), meters_(meters), options_(options) {}

std::string Recovery::new_pid(const Claim& newcomer) {
  RecoverySeal::PidBytes random{};
  services_.random.fill(random);
  const auto client = std::any_cast<ClientPtr>(newcomer.data);
  return seal_.pid(client->identity.user, newcomer.offset, random);
}

void Recovery::claim(Claim claim, Answer answer) {
  auto client = std::any_cast<ClientPtr>(claim.data);
  const auto place = seal_.place(claim.offset);
  if (!place || !seal_.belongs(claim.pid, client->identity.user, claim.offset)) {
    return conclude(false, answer);
  }
  const auto deadline = base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
  // Where too many wait, the question is dropped and its answer is no.
  if (!reads_.start(prove(std::move(client), *place, answer, deadline))) conclude(false, answer);
}

base::Task<void> Recovery::prove(ClientPtr client, ChatPlace place, Answer answer,
                                 base::Deadline deadline) {
  bool yes = false;
  try {
    // Waiting for its turn has taken part of the time.
    if (deadline.reached(services_.clock.monotonic())) {
      throw base::DeadlineExceeded("the question waited too long for its turn");
    }
    yes = co_await proved(client->identity.user, place, deadline);
  } catch (const std::exception& fault) {
    meters_.store_faults.add();
    services_.log.repeated(observability::fault_level(fault), "gateway.recovery_unknown",
                           {{"error.message", fault.what()}});
  }
  if (yes) client->recovered = place;
  conclude(yes, answer);
}

base::Task<bool> Recovery::proved(domain::UserId user, ChatPlace place, base::Deadline deadline) {
  const auto from = place.position;
  const auto membership = co_await services_.chats.membership(user, place.chat, deadline);
  if (!membership) co_return false;
  const auto head = membership->head;
  if (head.epoch != from.epoch || head.seq < from.seq) co_return false;
  if (head.seq == from.seq) co_return true;
  const auto& bounds = options_.room;
  if (head.seq.value() - from.seq.value() > static_cast<std::int64_t>(bounds.replay_events_max)) {
    co_return false;
  }
  ports::EventQuery query{.stream = domain::StreamId(place.chat),
                          .after = from.seq,
                          .limit = bounds.replay_events_max,
                          .bytes_max = bounds.replay_bytes_max,
                          .min_seq = head.seq};
  const auto page = co_await services_.events.read(query, deadline);
  if (page.head.epoch != from.epoch || page.events.empty()) co_return false;
  std::size_t bytes = 0;
  for (const auto& event : page.events) bytes += event.data.size();
  if (bytes > bounds.replay_bytes_max) co_return false;
  co_return page.events.back().seq >= head.seq;
}

void Recovery::conclude(bool yes, const Answer& answer) {
  (yes ? meters_.recovered : meters_.not_recovered).add();
  answer(yes ? Recovered::yes : Recovered::no);
}

}  // namespace rubricon::gateway
