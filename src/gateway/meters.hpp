/// The gateway's metrics, named once.
#pragma once

#include <rubricon/gateway/close_reason.hpp>
#include <rubricon/observability/metrics.hpp>

#include <array>
#include <string_view>

namespace rubricon::gateway {

struct Meters {
  explicit Meters(observability::Metrics& metrics);

  observability::Counter& delivered;
  observability::Counter& duplicates;
  observability::Counter& holes;
  observability::Counter& filled;
  observability::Histogram& hole_seconds;
  observability::Counter& head_check_behind;
  observability::Counter& resume_none;
  observability::Counter& resume_delta;
  observability::Counter& resume_resync;
  observability::Counter& recovered;
  observability::Counter& not_recovered;  ///< asked to be, and are new sockets
  observability::Counter& ephemerals;
  observability::Counter& ephemerals_refused;  ///< names that may not come this way
  observability::Counter& client_events;
  observability::Counter& client_events_refused;  ///< over the rate
  observability::Counter& doors_refused;
  observability::Counter& store_faults;
  observability::Gauge& sockets;
  observability::Gauge& users;
  observability::Gauge& rooms;
  observability::Gauge& buffered_bytes;
  observability::Gauge& reads_waiting;
  observability::Gauge& replays_waiting;
  observability::Counter& replay_reads;
  observability::Counter& reads_refused;
  std::array<observability::Counter*, close_reason_count> closes;
};

}  // namespace rubricon::gateway
