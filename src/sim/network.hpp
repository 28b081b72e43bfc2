/// Requests and WebSockets from devices to processes, with latency, and without an answer where the
/// link is cut or the process is gone.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/sim/exchange.hpp>
#include <rubricon/sim/process.hpp>
#include <rubricon/sim/wire.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace rubricon::sim {

class Network {
 public:
  Network(Loop& loop, Dice dice) : loop_(loop), dice_(dice) {}

  /// Devices find processes here: one at random, up or not, as behind a balancer that is slow to
  /// notice.
  std::vector<Process*> apis;
  std::vector<Process*> gateways;

  /// To one of the apis.
  base::Task<Answer> ask(const Link* link, Request request);

  /// Opens a WebSocket to one of the gateways. `opened` hears the wire when the server has agreed,
  /// or null.
  void dial(const Link* link, std::function<void(std::shared_ptr<Wire>)> opened);

 private:
  std::shared_ptr<Exchange> exchange(const Link* link, Request request,
                                     const net::Deferred<Answer>& answer);
  base::Milliseconds latency(const Link& link);

  Loop& loop_;
  Dice dice_;
};

}  // namespace rubricon::sim
