/// Sending to many sockets of a namespace at once.
#pragma once

#include <rubricon/socketio/args.hpp>
#include <rubricon/socketio/outbound.hpp>
#include <rubricon/socketio_server/delivery.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::socketio_server {

class Socket;
struct NamespaceState;

/// The answers to a broadcast that asked for them.
struct BroadcastAcks {
  std::vector<socketio::Args> answers;
  /// Sockets that were asked and did not answer in time, or left.
  std::size_t missing = 0;
};

/// A set of sockets, described: `nsp.to("a").to("b").except("c").emit("x", {1})`. The union of the
/// rooms (all sockets if none is named) without everybody in an excepted room; each socket gets one
/// copy. Encodes once and shares the bytes. Valid as long as the server; use it at once.
class Broadcast {
 public:
  explicit Broadcast(NamespaceState& nsp) : nsp_(&nsp) {}

  Broadcast& to(std::string_view room);
  Broadcast& except(std::string_view room);
  Broadcast& volatile_() { return delivery(Delivery::volatile_); }
  Broadcast& delivery(Delivery delivery);
  /// Only sockets of this process. Without effect today: there is no other.
  Broadcast& local() { return *this; }

  /// Returns how many sockets it was queued for. A refused event (see `EmitStatus`) counts none.
  std::size_t emit(std::string_view name, const socketio::Args& args = {});
  std::size_t emit(const socketio::EncodedEvent& event);
  /// `handler` is called once: when all have answered or left, or at the timeout.
  std::size_t emit_with_ack(std::string_view name, const socketio::Args& args,
                            std::chrono::milliseconds timeout,
                            std::function<void(BroadcastAcks)> handler);

  std::size_t count() const;
  /// The set is fixed before the first call, so `action` may join, leave and disconnect; who has
  /// gone by then is left out.
  void for_each(const std::function<void(Socket&)>& action) const;
  void join(std::string_view room) const;
  void leave(std::string_view room) const;

 private:
  std::size_t emit_shared(const socketio::EncodedEvent& event);

  NamespaceState* nsp_;
  std::vector<std::string> rooms_;
  std::vector<std::string> except_;
  Delivery delivery_ = Delivery::reliable;
};

}  // namespace rubricon::socketio_server
