#include <rubricon/socketio_server/engine_state.hpp>

#include <rubricon/net/network_of.hpp>
#include <rubricon/socketio/session_id.hpp>
#include <rubricon/socketio_server/engine_socket.hpp>

#include <stdexcept>
#include <utility>

namespace rubricon::socketio_server {

EngineState::EngineState(const boost::asio::any_io_executor& executor, Environment environment_,
                         EngineOptions options_)
    : environment(std::move(environment_)),
      options(std::move(options_)),
      limits{.ping_interval = options.ping_interval,
             .ping_timeout = options.ping_timeout,
             .upgrade_timeout = options.upgrade_timeout,
             .packet_rate = options.packet_rate},
      timer_(executor) {
  if (!socketio::is_valid_sid_prefix(options.sid_prefix)) {
    throw std::invalid_argument("sid_prefix is neither empty nor two characters of [A-Za-z0-9_-]");
  }
}

std::string EngineState::new_sid() {
  for (;;) {
    socketio::IdBytes bytes{};
    environment.random(bytes);
    auto sid = socketio::make_id(bytes, options.sid_prefix);
    if (!sessions.contains(sid)) return sid;
  }
}

std::shared_ptr<EngineSocket> EngineState::find(std::string_view sid) const {
  if (sid.size() != socketio::id_size) return nullptr;
  const auto found = sessions.find(std::string(sid));
  return found == sessions.end() ? nullptr : found->second;
}

bool EngineState::admits(const std::string& address) const {
  if (closing || sessions.size() >= options.connections_max) return false;
  const auto found = sessions_by_network.find(net::network_of(address));
  return found == sessions_by_network.end() || found->second < options.connections_per_address_max;
}

void EngineState::add(const std::string& sid, std::shared_ptr<EngineSocket> socket) {
  ++sessions_by_network[net::network_of(socket->remote_address())];
  sessions.emplace(sid, std::move(socket));
}

void EngineState::remove(const std::string& sid, const std::string& address) {
  if (sessions.erase(sid) == 0) return;
  const auto found = sessions_by_network.find(net::network_of(address));
  if (--found->second == 0) sessions_by_network.erase(found);
}

void EngineState::schedule(base::Instant at, std::weak_ptr<EngineSocket> socket) {
  if (stopped_) return;
  deadlines_.push(at, std::move(socket));
  if (deadlines_.next() < armed_) arm();
}

void EngineState::arm() {
  armed_ = deadlines_.next();
  if (armed_ == base::Instant::max() || stopped_) return;
  timer_.expires_after(armed_ - environment.now());
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto state = weak.lock();
    if (state && !error) state->run_deadlines();
  });
}

void EngineState::run_deadlines() {
  // While this runs nothing needs to arm: it is done at the end.
  armed_ = base::Instant::min();
  while (auto due = deadlines_.pop(environment.now())) {
    if (const auto socket = due->item.lock()) socket->on_deadline(due->at, environment.now());
  }
  arm();
}

void EngineState::stop() {
  stopped_ = true;
  timer_.cancel();
}

}  // namespace rubricon::socketio_server
