/// Packets of Socket.IO protocol 5.
#pragma once

#include <rubricon/socketio/args.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::socketio {

/// The digit that begins a packet.
enum class PacketType : char {
  connect = '0',
  disconnect = '1',
  event = '2',
  ack = '3',
  connect_error = '4',
  binary_event = '5',
  binary_ack = '6',
};

/// A packet from a client, complete with its attachments.
struct Packet {
  /// The binary types have become `event` and `ack`: the arguments say what is binary.
  PacketType type = PacketType::event;
  std::string nsp = "/";
  std::optional<std::uint64_t> id;
  /// Of an event: its name. A number as name has become its text.
  std::string event;
  /// Of events (without the name) and of acknowledgements.
  Args args;
  /// Of a CONNECT: the client's object, or `{}`.
  boost::json::value auth;
  /// Text and attachments as they came.
  std::size_t bytes = 0;
};

inline constexpr std::size_t attachments_max = 10;

/// Names that belong to the protocol: no packet may carry one, in either direction.
bool is_reserved_event(std::string_view name);

}  // namespace rubricon::socketio
