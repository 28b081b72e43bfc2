/// The namespaces of one connection as a machine: packets, the application's decisions and the time
/// go in, actions come out. Like `EngineSession` it holds no socket, clock or timer.
///
/// A client is in a namespace from the CONNECT answer until a DISCONNECT of either side or the end
/// of the connection. Each stay has a `Slot`, never used again, so that a late decision cannot hit
/// a later stay.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/socketio/outbound.hpp>
#include <rubricon/socketio/packet.hpp>
#include <rubricon/socketio/packet_decoder.hpp>
#include <rubricon/socketio/reason.hpp>

#include <boost/container/small_vector.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rubricon::socketio {

struct ProtocolLimits {
  DecoderLimits decoder;
  /// Without a namespace for this long the connection ends; armed again when the last was left.
  std::chrono::milliseconds connect_timeout{45'000};
  /// How long announced attachments may take.
  std::chrono::milliseconds attachment_timeout{20'000};
  std::size_t namespaces_max = 16;
  /// What may wait, per namespace, while its admission is decided.
  std::size_t pending_packets_max = 64;
  std::size_t pending_bytes_max = 1'000'000;
};

using Slot = std::uint32_t;

/// Decide: `accept` or `refuse`, now or later.
struct AskAdmission {
  Slot slot;
  std::string nsp;
  boost::json::value auth;
};
/// The decision is no longer wanted.
struct CancelAdmission {
  Slot slot;
};
/// Send this packet.
struct SendPacket {
  OutboundPacket packet;
};
/// The client is in: send the answer to CONNECT, then let the application use the socket.
struct Joined {
  Slot slot;
};
/// An event or an acknowledgement, by `packet.type`.
struct DeliverPacket {
  Slot slot;
  Packet packet;
};
/// The stay is over; nothing more is delivered to it.
struct Left {
  Slot slot;
  Reason reason;
};
/// End the whole connection; `transport_closed` is expected to follow.
struct EndTransport {
  Reason reason;
};

using ProtocolAction = std::variant<AskAdmission, CancelAdmission, SendPacket, Joined,
                                    DeliverPacket, Left, EndTransport>;
using ProtocolActions = boost::container::small_vector<ProtocolAction, 1>;

class Multiplexer {
 public:
  /// `limits` outlives it.
  Multiplexer(const ProtocolLimits& limits, base::Instant now);

  void text(std::string_view text, base::Instant now, ProtocolActions& out);
  void binary(std::string bytes, base::Instant now, ProtocolActions& out);

  /// Answers `AskAdmission`; nothing happens when it was cancelled. What the client sent meanwhile
  /// is delivered right after `Joined`.
  void accept(Slot slot, ProtocolActions& out);
  void refuse(Slot slot, std::string_view message, const boost::json::value& data,
              ProtocolActions& out);

  /// The server ends a stay and says so; the connection goes on.
  void leave(Slot slot, base::Instant now, ProtocolActions& out);
  /// Says goodbye to every joined namespace, then asks for the end of the transport.
  void leave_all(ProtocolActions& out);
  /// The transport is gone: ends every stay.
  void transport_closed(Reason reason, ProtocolActions& out);

  base::Instant deadline() const;
  void on_time(base::Instant now, ProtocolActions& out);

 private:
  struct Pending {
    std::vector<Packet> packets;
    std::size_t bytes = 0;
  };
  struct Stay {
    Slot slot;
    std::string nsp;
    std::unique_ptr<Pending> pending;  ///< until joined
  };
  using Stays = std::vector<Stay>;

  void decoded(Decoded packet, base::Instant now, ProtocolActions& out);
  void receive(Packet packet, base::Instant now, ProtocolActions& out);
  void connect(Packet packet, ProtocolActions& out);
  void receive_in(Stay& stay, Packet packet, base::Instant now, ProtocolActions& out);
  void fail(Reason reason, ProtocolActions& out);
  Stays::iterator find(Slot slot);
  Stays::iterator find(std::string_view nsp);
  bool joined_any() const;
  /// Removes the stay and, when it was the last joined one, waits for the next CONNECT.
  void remove(Stays::iterator stay, base::Instant now);

  const ProtocolLimits* limits_;
  PacketDecoder decoder_;
  Stays stays_;
  base::Instant connect_by_;
  base::Instant attachments_by_ = base::Instant::max();
  Slot next_slot_ = 1;
  bool ended_ = false;
};

}  // namespace rubricon::socketio
