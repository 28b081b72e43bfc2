#include <rubricon/sim/workload.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/sim/fatal.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
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

/// How long after the end of a fault the end of a session may still go unnoticed: until a look at
/// the store that began in it has been given up, and for as long as a slow link has something on
/// its way. nullopt for what hides nothing: gateways ask the store once a second, whatever the
/// broker and the apis do, and a process that starts asks it before it believes a token.
std::optional<At> hides_revocations_for(const Fault& fault, std::size_t device,
                                        std::size_t devices) {
  switch (fault.kind) {
    case FaultKind::store_away:
    case FaultKind::store_connections_lost:
    case FaultKind::store_slow:
    case FaultKind::store_flaky:
    case FaultKind::store_restored: return At(6'000);  // a look a second, of up to 5 s
    case FaultKind::gateway_stopped: return At(1'000);
    case FaultKind::link_cut:
    case FaultKind::link_broken:
    case FaultKind::link_slow:
      if (fault.target % devices != device) return std::nullopt;
      return At(1'000);
    default: return std::nullopt;
  }
}

/// How long a device may go on after the end of its session: 2 s, and where its way was cut until 2
/// s after the way is free again.
At allowance(const Script& script, std::size_t device, At at) {
  auto free_at = at;
  for (const auto& fault : script.faults) {
    const auto longer = hides_revocations_for(fault, device, script.devices.size());
    if (!longer || fault.from > free_at + 2s || fault.until + *longer < at) continue;
    free_at = std::max(free_at, fault.until + *longer);
  }
  return free_at - at + 2s;
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
  history.revocations.push_back(
      {session.to_string(), when, allowance(world->script, act.device, when)});
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
