#include <rubricon/rabbitmq/meters.hpp>

namespace rubricon::rabbitmq {
namespace {

using observability::Labels;

const Labels publisher{{"role", "publisher"}};
const Labels consumer{{"role", "consumer"}};
const Labels events{{"kind", "events"}};
const Labels jobs{{"kind", "jobs"}};

constexpr const char* connected_name = "rubricon_rabbitmq_connected";
constexpr const char* connected_help = "1 while connected to the broker";
constexpr const char* live_name = "rubricon_rabbitmq_live";
constexpr const char* live_help = "1 while everything of this kind reaches us";
constexpr const char* published_name = "rubricon_rabbitmq_published_total";
constexpr const char* published_help = "Messages confirmed by the broker";
constexpr const char* delivered_name = "rubricon_rabbitmq_delivered_total";
constexpr const char* delivered_help = "Messages handed to subscribers";
constexpr const char* losses_name = "rubricon_rabbitmq_losses_total";
constexpr const char* losses_help = "Connections that were lost or could not be made";

}  // namespace

Meters::Meters(observability::Metrics& metrics)
    : publisher_connected(metrics.gauge(connected_name, connected_help, publisher)),
      consumer_connected(metrics.gauge(connected_name, connected_help, consumer)),
      events_live(metrics.gauge(live_name, live_help, events)),
      jobs_live(metrics.gauge(live_name, live_help, jobs)),
      blocked(metrics.gauge("rubricon_rabbitmq_blocked",
                            "1 while the broker takes no messages (memory or disk alarm)")),
      queued(metrics.gauge("rubricon_rabbitmq_queued_messages", "Messages waiting to be sent")),
      unconfirmed(metrics.gauge("rubricon_rabbitmq_unconfirmed_messages",
                                "Messages sent and not confirmed")),
      events_published(metrics.counter(published_name, published_help, events)),
      jobs_published(metrics.counter(published_name, published_help, jobs)),
      publish_failures(metrics.counter("rubricon_rabbitmq_publish_failures_total",
                                       "Batches that the broker did not take in time")),
      queue_refusals(metrics.counter("rubricon_rabbitmq_queue_refusals_total",
                                     "Batches refused because too many messages waited")),
      returned(metrics.counter("rubricon_rabbitmq_returned_total",
                               "Messages that came back because they found no queue")),
      events_delivered(metrics.counter(delivered_name, delivered_help, events)),
      jobs_delivered(metrics.counter(delivered_name, delivered_help, jobs)),
      jobs_requeued(metrics.counter("rubricon_rabbitmq_requeued_total",
                                    "Announcements given back because no handler took them")),
      unreadable(metrics.counter("rubricon_rabbitmq_unreadable_total",
                                 "Messages that could not be read and were dropped")),
      publisher_losses(metrics.counter(losses_name, losses_help, publisher)),
      consumer_losses(metrics.counter(losses_name, losses_help, consumer)),
      confirm_seconds(metrics.histogram("rubricon_rabbitmq_confirm_seconds",
                                        "From sending a batch to its last confirm")) {}

}  // namespace rubricon::rabbitmq
