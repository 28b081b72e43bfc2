/// Step 3 of a message's way: events come from the broker, rooms put them in order, sockets get
/// them. Stores nothing and decides nothing about chats: who may join is asked of the store, what
/// was missed is read from the log (docs/guarantees.md).
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/services.hpp>
#include <rubricon/socketio_server/server.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string>

namespace rubricon::gateway {

/// Lives on the shard of `server`: every call from there. Serves the namespace "/" of `server`,
/// which should have been made with `server_options()`.
///
/// Life-cycle: construct, `start()`, later `drain()`, then `server.stop()`, then `stop()`, then
/// destroy. Sockets are refused until `ready()`; give `server` `why_not` as its `allow_request`, so
/// that whoever is early comes back by itself.
class Gateway {
 public:
  Gateway(boost::asio::any_io_executor executor, socketio_server::Server& server, Services services,
          Options options = {});
  /// Only after `stop()` has completed.
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Listens to the broker and loads what was revoked while nobody listened; retries for as long as
  /// the store cannot tell.
  void start();

  /// True while sockets are accepted: revocations are known (again, after the broker was away), and
  /// no drain has begun.
  bool ready() const;

  /// Why `handshake` is to be refused before a session is opened, if so: not ready, or too many
  /// from this address at a time (each call counts). Official clients try again after that; where
  /// there are several gateways, the entrance asks another one instead of telling them.
  std::optional<socketio_server::SessionRefusal> why_not(const socketio::Handshake& handshake);

  /// No new sessions; those that have begun are let in until they end. Every socket is told when to
  /// come back (`server-draining`), and all are gone, spread over `drain_per_socket` each, within
  /// `drain_max`.
  base::Task<void> drain();

  /// Ends every loop and subscription. Idempotent.
  base::Task<void> stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace rubricon::gateway
