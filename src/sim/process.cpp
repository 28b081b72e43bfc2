#include <rubricon/sim/process.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

/// A transaction that lingers before its commit is what makes ids commit out of order.
constexpr double linger = 0.08;
constexpr auto linger_max = 40ms;

}  // namespace

Process::Process(Surroundings surroundings, std::string name)
    : world(surroundings),
      name_(std::move(name)),
      thread_(std::make_shared<Thread>(surroundings.loop.context())),
      dice_(surroundings.seed, name_) {}

Process::~Process() {
  RUBRICON_ASSERT(state_ == State::down);
}

void Process::boot() {
  RUBRICON_ASSERT(state_ == State::down);
  world.loop.note("{} starts", name_);
  database_.emplace(world.database, memory::ClientOptions{.pauses = this});
  requests_.emplace(executor(), observability::log_task_errors(log, "sim.request_lost"));
  state_ = State::up;
  build(*database_);
}

base::Task<void> Process::kill() {
  if (state_ != State::up) co_return;
  world.loop.note("{} is killed", name_);
  state_ = State::dying;
  for (const auto& wire : std::exchange(wires_, {})) {
    if (const auto open = wire.lock()) open->server_died();
  }
  for (const auto& exchange : std::exchange(exchanges_, {})) {
    if (const auto open = exchange.lock()) open->respond(std::nullopt);
  }
  database_->drop_connections();
  wake();
  co_await requests_->stop();
  co_await end();
  destroy();
  requests_.reset();
  database_.reset();
  state_ = State::down;
}

base::Task<void> Process::pause(memory::Step step) {
  const auto& faults = world.store_faults;
  auto time = std::chrono::microseconds(dice_.between(100, 900));
  const bool writing =
      step.moment == memory::Moment::drawn || step.moment == memory::Moment::commit;
  if (writing && dice_.chance(linger)) time += dice_.between(1ms, linger_max);
  if (dice_.chance(faults.slow)) time += dice_.between(1ms, faults.slow_max);
  co_await base::pause(time);
  if (state_ != State::up || !faults.reachable || dice_.chance(faults.lose)) {
    throw base::Unavailable("the connection to the store is lost");
  }
}

void Process::serve(std::shared_ptr<Exchange> exchange) {
  if (state_ != State::up || door() == nullptr) return exchange->respond(std::nullopt);
  std::erase_if(exchanges_, [](const auto& old) { return old.expired(); });
  exchanges_.push_back(exchange);
  requests_->spawn(answer(std::move(exchange)));
}

base::Task<void> Process::answer(std::shared_ptr<Exchange> exchange) {
  net::HttpResponse response;
  try {
    response = co_await door()->handle(exchange);
  } catch (const base::Unavailable&) {
    response = net::problem_response(503, "unavailable");
  }
  exchange->respond(std::move(response));
}

void Process::upgrade(std::shared_ptr<Exchange> exchange, std::shared_ptr<Wire> wire) {
  if (state_ != State::up || door() == nullptr) return exchange->respond(std::nullopt);
  std::erase_if(wires_, [](const auto& old) { return old.expired(); });
  wires_.push_back(wire);
  requests_->spawn(answer_upgrade(std::move(exchange), std::move(wire)));
}

base::Task<void> Process::answer_upgrade(std::shared_ptr<Exchange> exchange,
                                         std::shared_ptr<Wire> wire) {
  auto answer = co_await door()->upgrade(exchange);
  if (auto* refusal = std::get_if<net::HttpResponse>(&answer)) {
    exchange->respond(std::move(*refusal));
    co_return;
  }
  net::HttpResponse switching;
  switching.status = 101;
  exchange->respond(std::move(switching));
  std::get<net::WebSocketAccept>(answer).opened(wire);
}

void Process::stop() {
  thread_.stop();
}

void Process::wake() {
  thread_.wake();
}

/// They stay ours: where the news is lost on a cut link, the server keeps its end until it dies.
void Process::break_connections() {
  for (const auto& wire : wires_) {
    if (const auto open = wire.lock()) open->break_off();
  }
}

}  // namespace rubricon::sim
