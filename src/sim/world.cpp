#include <rubricon/sim/world.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/sim/fatal.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t of_each = 2;

}  // namespace

World::World(Script what, PrintTrace print)
    : script(std::move(what)),
      loop(print),
      random(script.seed),
      database(loop, random),
      broker_(loop, dice("broker")),
      ephemerals_(loop.executor()),
      presence_(loop),
      connections_(loop),
      running_answers_(loop),
      ai_(loop, dice("ai")),
      network_(loop, dice("network")),
      tasks_(loop.executor(), fatal_error) {
  const Surroundings surroundings{loop, database, random, store_faults_, script.seed};
  const Infrastructure shared{broker_, ephemerals_, presence_, connections_, running_answers_, ai_};
  for (std::size_t n = 1; n <= of_each; ++n) {
    const auto number = std::to_string(n);
    apis_.push_back(std::make_unique<ApiProcess>(surroundings, shared, "api-" + number));
    gateways_.push_back(
        std::make_unique<GatewayProcess>(surroundings, shared, "gateway-" + number));
    workers_.push_back(std::make_unique<WorkerProcess>(surroundings, shared, "worker-" + number));
  }
  for (const auto& api : apis_) network_.apis.push_back(api.get());
  for (const auto& gateway : gateways_) network_.gateways.push_back(gateway.get());
}

World::~World() = default;

void World::boot() {
  for (auto* processes : {&apis_, &gateways_, &workers_}) {
    for (const auto& process : *processes) process->boot();
  }
}

Process& World::target(const Fault& fault) {
  const bool api = fault.kind == FaultKind::api_killed || fault.kind == FaultKind::api_stopped;
  const bool worker =
      fault.kind == FaultKind::worker_killed || fault.kind == FaultKind::worker_stopped;
  auto& processes = api ? apis_ : worker ? workers_ : gateways_;
  return *processes[fault.target % processes.size()];
}

void World::begin(const Fault& fault) {
  loop.note("fault begins: {}", to_string(fault.kind));
  switch (fault.kind) {
    case FaultKind::api_killed:
    case FaultKind::gateway_killed:
    case FaultKind::worker_killed: return spawn(target(fault).kill());
    case FaultKind::api_stopped:
    case FaultKind::gateway_stopped:
    case FaultKind::worker_stopped: return target(fault).stop();
    case FaultKind::gateway_connections_lost: return target(fault).break_connections();
    case FaultKind::store_restored: backup_ = database.tables(); return;
    case FaultKind::assistant_away: ai_.faults.unavailable = 0.5; return;
    case FaultKind::device_killed: return spawn(devices[fault.target % devices.size()].stop());
    default: break;
  }
  set_broker(fault, true);
  set_store(fault, true);
  set_link(fault, true);
}

void World::finish(const Fault& fault) {
  loop.note("fault ends: {}", to_string(fault.kind));
  switch (fault.kind) {
    case FaultKind::api_killed:
    case FaultKind::gateway_killed:
    case FaultKind::worker_killed: return start_again(target(fault));
    case FaultKind::api_stopped:
    case FaultKind::gateway_stopped:
    case FaultKind::worker_stopped: return target(fault).wake();
    case FaultKind::store_restored: return restore(fault.from);
    case FaultKind::assistant_away: ai_.faults.unavailable = 0; return;
    case FaultKind::device_killed: return devices[fault.target % devices.size()].start();
    default: break;
  }
  set_broker(fault, false);
  set_store(fault, false);
  set_link(fault, false);
}

void World::set_broker(const Fault& fault, bool on) {
  auto& faults = broker_.faults;
  switch (fault.kind) {
    case FaultKind::broker_away: faults.reachable = !on; return broker_.lose_connections();
    case FaultKind::broker_restarted: return broker_.lose_connections();
    case FaultKind::broker_loses: faults.lose = on ? 0.3 : 0; return;
    case FaultKind::broker_repeats: faults.repeat = on ? 0.5 : 0; return;
    case FaultKind::broker_delays: faults.delay = on ? 0.4 : 0; return;
    case FaultKind::broker_confirms_not: faults.confirm_lost = on ? 0.5 : 0; return;
    default: return;
  }
}

void World::set_store(const Fault& fault, bool on) {
  switch (fault.kind) {
    case FaultKind::store_away: store_faults_.reachable = !on; return;
    case FaultKind::store_connections_lost:
      if (on) database.drop_connections();
      return;
    case FaultKind::store_slow: store_faults_.slow = on ? 0.3 : 0; return;
    case FaultKind::store_flaky: store_faults_.lose = on ? 0.1 : 0; return;
    default: return;
  }
}

void World::set_link(const Fault& fault, bool on) {
  auto& device = devices[fault.target % devices.size()];
  switch (fault.kind) {
    case FaultKind::link_cut: device.link().cut = on; return;
    case FaultKind::link_broken: return device.break_off();
    case FaultKind::link_slow: device.link().latency_max = on ? 900ms : 15ms; return;
    default: return;
  }
}

/// Two faults may have hit the same process.
void World::start_again(Process& process) {
  if (process.down()) process.boot();
}

void World::heal() {
  loop.note("healed");
  store_faults_ = {};
  broker_.faults = {};
  ai_.faults = {};
  for (auto& device : devices) {
    device.link().cut = false;
    device.link().latency_max = 15ms;
    device.start();
  }
  for (auto* processes : {&apis_, &gateways_, &workers_}) {
    for (const auto& process : *processes) {
      process->wake();
      start_again(*process);
    }
  }
}

/// What was answered since the backup is lost, as the one who restores knows.
void World::restore(At from) {
  database.restore(std::move(backup_));
  recorder.restored(database.tables());
  for (auto& write : recorder.history.writes) {
    if (write.outcome == history::Write::Outcome::ok && write.ended >= from) {
      write.outcome = history::Write::Outcome::unknown;
    }
  }
}

bool World::at_rest() const {
  const auto& tables = database.tables();
  if (!tables.outbox.empty()) return false;
  for (const auto& [key, row] : tables.jobs) {
    if (row.open()) return false;
  }
  return std::ranges::all_of(devices,
                             [&](const Device& device) { return device.level_with(tables); });
}

std::size_t World::dead_jobs() {
  std::optional<std::size_t> count;
  tasks_.spawn(count_dead_jobs(&count));
  const bool counted = loop.run_until([&] { return count.has_value(); }, loop.elapsed() + 60s);
  RUBRICON_ASSERT(counted);
  return *count;
}

base::Task<void> World::count_dead_jobs(std::optional<std::size_t>* count) {
  constexpr std::size_t more_than_any_run_has = 10'000;
  const auto deadline = base::Deadline::after(loop.monotonic(), 60s);
  memory::DatabaseClient client(database);
  *count = (co_await client.dead_jobs().list({}, more_than_any_run_has, deadline)).size();
}

base::Task<net::HttpResponse> World::insist(Request request) {
  for (;;) {
    auto answer = co_await network_.ask(&admin_link_, request);
    if (!is_transient(answer)) co_return std::move(*answer);
    co_await base::pause(500ms);
  }
}

base::Task<void> World::end_all() {
  for (auto& device : devices) co_await device.stop();
  for (auto* processes : {&apis_, &gateways_, &workers_}) {
    for (const auto& process : *processes) co_await process->kill();
  }
}

void World::end() {
  base::TaskGroup undertaker(loop.executor(), fatal_error);
  undertaker.spawn(tasks_.stop());
  loop.run_until([&] { return undertaker.size() == 0; }, loop.elapsed() + 60s);
  undertaker.spawn(end_all());
  const bool ended = loop.run_until([&] { return undertaker.size() == 0; }, loop.elapsed() + 120s);
  RUBRICON_ASSERT(ended);
}

}  // namespace rubricon::sim
