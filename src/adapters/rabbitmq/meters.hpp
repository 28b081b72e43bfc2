/// What the adapter counts. Safe from any thread.
#pragma once

#include <rubricon/observability/metrics.hpp>

namespace rubricon::rabbitmq {

/// References into the registry, which outlives it.
struct Meters {
  explicit Meters(observability::Metrics& metrics);

  observability::Gauge& publisher_connected;
  observability::Gauge& consumer_connected;
  observability::Gauge& events_live;  ///< 1 while every event that is published reaches us
  observability::Gauge& jobs_live;
  observability::Gauge& blocked;      ///< 1 while the broker takes no messages
  observability::Gauge& queued;       ///< messages waiting to be sent
  observability::Gauge& unconfirmed;  ///< messages sent and not confirmed
  observability::Counter& events_published;
  observability::Counter& jobs_published;
  observability::Counter& publish_failures;  ///< calls
  observability::Counter& queue_refusals;    ///< calls that found the queue full
  observability::Counter& returned;          ///< messages that found no queue
  observability::Counter& events_delivered;  ///< handed to handlers
  observability::Counter& jobs_delivered;
  observability::Counter& jobs_requeued;     ///< given back because no handler took them
  observability::Counter& unreadable;        ///< messages that made no sense
  observability::Counter& publisher_losses;  ///< connections lost or not made
  observability::Counter& consumer_losses;
  observability::Histogram& confirm_seconds;  ///< from sending a batch to its last confirm
};

}  // namespace rubricon::rabbitmq
