#include <rubricon/gateway/meters.hpp>

#include <string>

namespace rubricon::gateway {
namespace {

observability::Counter& resumes(observability::Metrics& metrics, const char* kind) {
  return metrics.counter("rubricon_gateway_resumes_total", "Joins, by what the client had missed",
                         {{"kind", kind}});
}

observability::Counter& recoveries(observability::Metrics& metrics, const char* result) {
  return metrics.counter("rubricon_gateway_recoveries_total",
                         "Clients that asked to go on where they were", {{"result", result}});
}

}  // namespace

Meters::Meters(observability::Metrics& m)
    : delivered(m.counter("rubricon_gateway_events_delivered_total",
                          "Events that a room delivered in order")),
      duplicates(m.counter("rubricon_gateway_events_duplicate_total",
                           "Events from the broker that had been delivered before")),
      holes(m.counter("rubricon_gateway_holes_total", "Times that an event was missing in a room")),
      filled(m.counter("rubricon_gateway_hole_events_total",
                       "Events that came from the log because the broker did not bring them")),
      hole_seconds(m.histogram("rubricon_gateway_hole_seconds", "How long a room was behind")),
      head_check_behind(m.counter("rubricon_gateway_head_check_behind_total",
                                  "Head checks that found a room behind")),
      resume_none(resumes(m, "none")),
      resume_delta(resumes(m, "delta")),
      resume_resync(resumes(m, "resync")),
      recovered(recoveries(m, "recovered")),
      not_recovered(recoveries(m, "refused")),
      ephemerals(m.counter("rubricon_gateway_ephemerals_total", "Ephemeral messages passed on")),
      ephemerals_refused(m.counter("rubricon_gateway_ephemerals_refused_total",
                                   "Messages on the ephemeral bus whose name may not pass")),
      client_events(m.counter("rubricon_gateway_client_events_total", "Events from clients")),
      client_events_refused(m.counter("rubricon_gateway_client_events_refused_total",
                                      "Events from clients over their rate")),
      doors_refused(
          m.counter("rubricon_gateway_handshakes_refused_total", "Handshakes that were refused")),
      store_faults(m.counter("rubricon_gateway_store_faults_total",
                             "Questions that the store could not answer")),
      sockets(m.gauge("rubricon_gateway_sockets", "Sockets connected")),
      users(m.gauge("rubricon_gateway_users", "Users with at least one socket")),
      rooms(m.gauge("rubricon_gateway_rooms", "Rooms with somebody in them")),
      buffered_bytes(m.gauge("rubricon_gateway_buffered_bytes", "Unsent bytes of all sockets")),
      reads_waiting(m.gauge("rubricon_gateway_store_reads_waiting",
                            "Questions to the store that wait for their turn")),
      replays_waiting(
          m.gauge("rubricon_gateway_replays_waiting", "Joins whose missed events wait to be read")),
      replay_reads(m.counter("rubricon_gateway_replay_reads_total",
                             "Reads of the log for those who had missed events")),
      reads_refused(m.counter("rubricon_gateway_store_reads_refused_total",
                              "Questions to the store that found too many waiting")),
      closes{} {
  for (std::size_t i = 0; i < close_reason_count; ++i) {
    const std::string reason(code(static_cast<CloseReason>(i)));
    closes[i] = &m.counter("rubricon_gateway_socket_closes_total", "Sockets closed by the gateway",
                           {{"reason", reason}});
  }
}

}  // namespace rubricon::gateway
