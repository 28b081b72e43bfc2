#include <rubricon/sim/workload.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/sim/fatal.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

base::Task<void> close(World* world, Act act) {
  auto& device = world->devices[act.device];
  co_await device.stop();
  if (!act.back_after) co_return;
  co_await base::pause(*act.back_after);
  device.start();
}

/// Removed, and perhaps let in again.
base::Task<void> remove_member(World* world, Act act) {
  const auto& chat = world->script.chats[act.chat];
  const auto& member = world->people[act.person];
  const auto& owner = world->people[chat.owner];
  const auto path = "/api/chat/" + world->chats[act.chat].id.to_string() + "/members";
  const auto token = PlainTokens::text(owner.id, domain::SessionId());
  world->loop.note("{} removes {} from {}", owner.name, member.name, chat.name);
  Request remove{.method = "DELETE", .path = path + "/" + member.id.to_string(), .token = token};
  co_await world->insist(std::move(remove));
  if (!act.back_after) co_return;
  co_await base::pause(*act.back_after);
  world->loop.note("{} lets {} into {} again", owner.name, member.name, chat.name);
  const json::object body = {{"email", member.email}, {"role", "editor"}};
  Request add{.method = "POST", .path = path, .token = token, .body = json::serialize(body)};
  co_await world->insist(std::move(add));
}

/// Whether a revocation may go unnoticed meanwhile. Not for want of the broker: the store is asked.
bool hides_revocations(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::broker_away:
    case FaultKind::broker_restarted:
    case FaultKind::broker_loses:
    case FaultKind::broker_repeats:
    case FaultKind::broker_delays:
    case FaultKind::broker_confirms_not:
    case FaultKind::assistant_away:
    case FaultKind::worker_killed:
    case FaultKind::worker_stopped: return false;
    default: return true;
  }
}

/// How long a revocation may go unnoticed: 2 s, and where its way was cut until everybody has asked
/// the store afterwards (a look a second, of up to 5 s).
At allowance(const std::vector<Fault>& faults, At at) {
  auto bound = At(2'000);
  auto free_at = at;
  for (const auto& fault : faults) {
    if (!hides_revocations(fault) || fault.from > free_at + 2s || fault.until + 8s < at) continue;
    free_at = std::max(free_at, fault.until);
    bound = free_at - at + 8s;
  }
  return bound;
}

/// Signs a device out from elsewhere.
base::Task<void> sign_out(World* world, Act act) {
  const auto& device = world->devices[act.device];
  world->loop.note("{} is to be signed out", device.name());
  const auto session = world->sessions[act.device];
  Request logout{.method = "POST",
                 .path = "/api/auth/logout",
                 .token = PlainTokens::text(device.user(), session),
                 .body = "{}"};
  co_await world->insist(std::move(logout));
  const auto revoked_at = world->database.tables().sessions.at(session).revoked_at;
  if (!revoked_at) fatal("a session was said to be revoked and is not");
  const auto when = world->loop.since_begin(*revoked_at);
  auto& history = world->recorder.history;
  history.revocations.push_back({session.to_string(), when, allowance(world->script.faults, when)});
  history.subscribers[act.device].here = false;
}

void write(World& world, const Act& act) {
  auto& device = world.devices[act.device];
  const auto key =
      fmt::format("{}.{}.{}", device.name(), world.script.chats[act.chat].name, act.number);
  device.send(world.chats[act.chat].id, key, "what " + key + " says");
}

base::Task<void> perform(World* world, Act act) {
  co_await base::pause(std::max(act.at - world->loop.elapsed(), At(0)));
  switch (act.kind) {
    case ActKind::opens: world->devices[act.device].start(); co_return;
    case ActKind::closes: co_return co_await close(world, act);
    case ActKind::writes: write(*world, act); co_return;
    case ActKind::removes_member: co_return co_await remove_member(world, act);
    case ActKind::signs_out: co_return co_await sign_out(world, act);
  }
}

}  // namespace

void start_workload(World& world) {
  for (const auto& act : world.script.acts) world.spawn(perform(&world, act));
}

}  // namespace rubricon::sim
