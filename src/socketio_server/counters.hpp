/// What a server counts.
#pragma once

#include <rubricon/socketio/reason.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace rubricon::socketio_server {

/// Totals since the start, except where "now" is said.
struct Counters {
  std::size_t polling_now = 0;
  std::size_t websocket_now = 0;
  std::size_t sockets_now = 0;
  std::uint64_t connections_total = 0;
  std::uint64_t upgrades_total = 0;
  std::uint64_t handshakes_refused_total = 0;
  std::uint64_t admissions_refused_total = 0;
  std::uint64_t packets_in_total = 0;
  std::uint64_t packets_out_total = 0;
  std::uint64_t bytes_in_total = 0;
  std::uint64_t bytes_out_total = 0;
  std::uint64_t shed_total = 0;
  /// Connections that ended, by `Reason`.
  std::array<std::uint64_t, socketio::reason_count> closes_total{};
};

}  // namespace rubricon::socketio_server
