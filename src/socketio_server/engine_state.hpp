/// What the sessions of one Engine.IO server share. Internal to this module.
#pragma once

#include <rubricon/base/timer.hpp>
#include <rubricon/socketio/engine_session.hpp>
#include <rubricon/socketio_server/counters.hpp>
#include <rubricon/socketio_server/deadline_queue.hpp>
#include <rubricon/socketio_server/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rubricon::socketio_server {

class EngineSocket;

/// Kept alive by every session, so that a WebSocket that outlives the server finds it still.
struct EngineState : std::enable_shared_from_this<EngineState> {
  EngineState(const boost::asio::any_io_executor& executor, Environment environment_,
              EngineOptions options_);

  /// A new session id that no session has.
  std::string new_sid();
  std::shared_ptr<EngineSocket> find(std::string_view sid) const;
  /// Whether there is room for one more session of that client.
  bool admits(const std::string& address) const;
  void add(const std::string& sid, std::shared_ptr<EngineSocket> socket);
  void remove(const std::string& sid, const std::string& address);

  /// Calls `socket->on_deadline(at)` then.
  void schedule(base::Instant at, std::weak_ptr<EngineSocket> socket);
  /// No timer runs, and none will.
  void stop();

  Environment environment;
  EngineOptions options;
  socketio::SessionLimits limits;
  Counters counters;
  std::unordered_map<std::string, std::shared_ptr<EngineSocket>> sessions;
  std::unordered_map<std::string, std::size_t> sessions_by_network;
  bool closing = false;

 private:
  void arm();
  void run_deadlines();

  DeadlineQueue<std::weak_ptr<EngineSocket>> deadlines_;
  base::Timer timer_;
  base::Instant armed_ = base::Instant::max();
  bool stopped_ = false;
};

}  // namespace rubricon::socketio_server
