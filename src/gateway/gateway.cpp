#include <rubricon/gateway/gateway.hpp>

#include <rubricon/gateway/gateway_parts.hpp>
#include <rubricon/gateway/wire.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::gateway {

Gateway::Gateway(boost::asio::any_io_executor executor, socketio_server::Server& server,
                 Services services, Options options)
    : parts_(std::make_unique<Parts>(std::move(executor), server, services, options)) {
  parts_->listen();
}

Gateway::~Gateway() = default;

void Gateway::start() {
  auto* p = parts_.get();
  p->events = p->services.bus.subscribe([p](const EventPtr& event) { p->heard(event); },
                                        [p] { p->reconnected(); });
  p->ephemerals = p->services.ephemerals.subscribe(
      [p](const std::shared_ptr<const ports::Ephemeral>& m) { p->heard_ephemeral(*m); });
  p->revocations.load();
  p->tasks.spawn(p->tick_for_ever());
}

bool Gateway::ready() const {
  return parts_->events && parts_->revocations.loaded() && !parts_->draining;
}

std::optional<socketio_server::SessionRefusal> Gateway::why_not(
    const socketio::Handshake& handshake) {
  using Kind = socketio_server::SessionRefusal::Kind;
  // While it is being loaded anew who is revoked, sessions begin: their admission waits for it.
  auto& known = parts_->revocations_known;
  known = known || ready();
  if (!known || parts_->draining) {
    return {{Kind::elsewhere, "the server is not ready, come back soon"}};
  }
  if (parts_->door.opens(handshake.remote_address)) return std::nullopt;
  parts_->meters.doors_refused.add();
  return {{Kind::forbidden, "too many connections at a time, come back soon"}};
}

base::Task<void> Gateway::drain() {
  Parts& p = *parts_;
  if (std::exchange(p.draining, true)) co_return;
  const auto all = p.clients.all();
  const auto over = std::min(p.options.drain_max,
                             p.options.drain_per_socket * static_cast<std::int64_t>(all.size()));
  p.services.log.info("gateway.draining", {{"sockets", all.size()}, {"over_ms", over.count()}});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto after = over * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(all.size());
    p.clients.send(*all[i], "server-draining", wire::draining(after),
                   socketio_server::Delivery::reliable);
  }
  socketio_server::CloseAll how;
  how.over = over;
  co_await p.server.close_all(how);
}

base::Task<void> Gateway::stop() {
  parts_->draining = true;
  parts_->events.reset();
  parts_->ephemerals.reset();
  co_await parts_->tasks.stop();
}

}  // namespace rubricon::gateway
