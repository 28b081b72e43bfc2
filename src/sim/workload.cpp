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

base::Task<void> wait_until(World* world, At when) {
  co_await base::pause(std::max(when - world->loop.elapsed(), At(0)));
}

/// Writes some messages, now and then several at once.
base::Task<void> write(World* world, Device* device, domain::ChatId chat, Dice dice, At from,
                       At until) {
  const auto count = dice.between(1, 6);
  const bool in_a_hurry = dice.chance(0.3);
  auto at = dice.between(from, until);
  for (std::int64_t n = 1; n <= count; ++n) {
    co_await wait_until(world, at);
    const auto key =
        fmt::format("{}.{}.{}", device->name(), world->recorder.chat(chat.to_string()), n);
    device->send(chat, key, "what " + key + " says");
    at = in_a_hurry ? at : dice.between(std::min(at, until), until);
  }
}

/// Opens its browser late, or closes it for a while, or both again and again.
base::Task<void> come_and_go(World* world, Device* device, Dice dice, At from, At until) {
  co_await wait_until(world, dice.chance(0.3) ? dice.between(from, until) : from);
  device->start();
  if (!dice.chance(0.3)) co_return;
  const bool flaps = dice.chance(0.5);
  do {
    co_await wait_until(world, world->loop.elapsed() + dice.between(500ms, 5'000ms));
    co_await device->stop();
    co_await wait_until(world, world->loop.elapsed() + dice.between(100ms, 8'000ms));
    device->start();
  } while (flaps && world->loop.elapsed() < until);
}

/// A member is removed, and perhaps let in again.
base::Task<void> change_members(World* world, std::size_t number, Dice dice, At from, At until) {
  const auto& room = world->rooms[number];
  const auto& member = world->people[dice.pick(room.members)];
  const auto& owner = world->people[room.owner];
  if (member.user.id == owner.user.id) co_return;
  const auto path = "/api/chat/" + room.chat.id.to_string() + "/members";
  const auto token = PlainTokens::text(owner.user.id, domain::SessionId());
  co_await wait_until(world, dice.between(from, until));
  world->loop.note("{} removes {} from {}", owner.name, member.name, room.name);
  Request remove{
      .method = "DELETE", .path = path + "/" + member.user.id.to_string(), .token = token};
  co_await world->insist(std::move(remove));
  if (dice.chance(0.4)) co_return;
  co_await wait_until(world, world->loop.elapsed() + dice.between(10ms, 6'000ms));
  world->loop.note("{} lets {} into {} again", owner.name, member.name, room.name);
  const json::object body = {{"email", member.user.email}, {"role", "editor"}};
  Request add{.method = "POST", .path = path, .token = token, .body = json::serialize(body)};
  co_await world->insist(std::move(add));
}

/// How long news of a revocation may take: 2 s where its way was free, and else until the way is
/// free again and everybody has asked the store (head checks every 15 s, claims of 10 s, waits of
/// up to 5 s between two attempts).
At allowance(const std::vector<Fault>& faults, At at) {
  auto bound = At(2'000);
  auto free_at = at;
  for (const auto& fault : faults) {
    if (fault.from <= free_at + 2s && fault.until + 12s >= at)
      free_at = std::max(free_at, fault.until);
  }
  if (free_at > at || std::ranges::any_of(faults, [&](const Fault& fault) {
        return fault.from <= at + 2s && fault.until + 12s >= at;
      })) {
    bound = free_at - at + 32s;
  }
  return bound;
}

/// Signs a device out from elsewhere.
base::Task<void> revoke(World* world, std::size_t number, At at, std::vector<Fault> faults) {
  co_await wait_until(world, at);
  const auto& device = world->devices[number];
  world->loop.note("{} is to be signed out", device.name());
  const auto session = world->sessions[number];
  Request logout{.method = "POST",
                 .path = "/api/auth/logout",
                 .token = PlainTokens::text(device.user(), session),
                 .body = "{}"};
  co_await world->insist(std::move(logout));
  const auto revoked_at = world->database.tables().sessions.at(session).revoked_at;
  if (!revoked_at) fatal("a session was said to be revoked and is not");
  const auto when = world->loop.since_begin(*revoked_at);
  auto& history = world->recorder.history;
  history.revocations.push_back({session.to_string(), when, allowance(faults, when)});
  history.subscribers[number].here = false;
}

}  // namespace

void start_workload(World& world, At from, At until, const std::vector<Fault>& faults) {
  auto choose = world.dice("workload");
  for (std::size_t n = 0; n < world.devices.size(); ++n) {
    auto& device = world.devices[n];
    world.spawn(come_and_go(&world, &device, world.dice("comes " + device.name()), from, until));
    for (const auto chat : device.chats()) {
      const auto purpose =
          fmt::format("writes {} {}", device.name(), world.recorder.chat(chat.to_string()));
      if (choose.chance(0.6)) {
        world.spawn(write(&world, &device, chat, world.dice(purpose), from, until));
      }
    }
    // Whoever signs out must not be somebody's only device.
    if (n > 0 && choose.chance(0.15) && !restores_store(faults)) {
      world.spawn(revoke(&world, n, choose.between(from, until), faults));
    }
  }
  for (std::size_t n = 0; n < world.rooms.size(); ++n) {
    if (choose.chance(0.4) && !restores_store(faults)) {
      world.spawn(
          change_members(&world, n, world.dice("members " + world.rooms[n].name), from, until));
    }
  }
}

}  // namespace rubricon::sim
