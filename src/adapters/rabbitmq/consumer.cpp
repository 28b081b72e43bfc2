#include <rubricon/rabbitmq/consumer.hpp>

#include <fmt/format.h>

#include <chrono>
#include <random>
#include <utility>
#include <variant>

namespace rubricon::rabbitmq {
namespace {

std::string random_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}", random(), random());
}

/// As few frames as possible: everything before a tag that is acknowledged `all_up_to` was handled
/// earlier, because the shard handles in order.
void acknowledge(Connection& connection, Channel channel, const std::vector<Settlement>& settled) {
  for (std::size_t i = 0; i < settled.size(); ++i) {
    if (settled[i].how == Handled::not_taken) {
      connection.requeue(channel, settled[i].tag);
    } else if (i + 1 == settled.size() || settled[i + 1].how == Handled::not_taken) {
      connection.ack(channel, settled[i].tag, Connection::Reach::all_up_to);
    }
  }
}

}  // namespace

Consumer::Consumer(boost::asio::any_io_executor shard, const Endpoint& endpoint,
                   const Options& options, Meters& meters, observability::Log& log,
                   HandleEvent on_event, HandleJob on_job)
    : options_(options),
      meters_(meters),
      log_(log),
      thread_(
          {endpoint, options, "consumer", log, meters.consumer_connected, meters.consumer_losses},
          *this),
      events_(std::make_shared<Inbox<EventPtr>>(shard, thread_.wake(), std::move(on_event))),
      jobs_(std::make_shared<Inbox<domain::JobId>>(shard, thread_.wake(), std::move(on_job))) {
  thread_.start();
}

void Consumer::want_events(Interest interest) {
  if (events_interest_.exchange(interest) != interest) thread_.wake()->signal();
}

void Consumer::want_jobs(Interest interest) {
  if (jobs_interest_.exchange(interest) != interest) thread_.wake()->signal();
}

void Consumer::close() {
  events_->close();
  jobs_->close();
  thread_.close();
}

bool Consumer::wanted() {
  return events_interest_ == Interest::some || jobs_interest_ == Interest::some;
}

void Consumer::run(Connection& connection) {
  look_again_ = std::chrono::steady_clock::now() + options_.look_every;
  while (!thread_.closing()) {
    thread_.wake()->clear();
    follow_interests(connection);
    settle(connection);
    see_that_we_are_known(connection);
    if (!hear_some(connection)) connection.wait(*thread_.wake());
  }
  settle(connection);
  forget();
}

void Consumer::follow_interests(Connection& connection) {
  const bool events = events_interest_ == Interest::some;
  if (events && events_channel_ == 0) {
    const auto channel = connection.open_channel();
    const auto id = random_id();
    listen_to_events(connection, channel, options_, id);
    events_channel_ = channel;
    events_queue_ = Names(options_.prefix).gateway + id;
    meters_.events_live.set(1);
    events_->push(events_->no_tag, nullptr);
  } else if (!events && events_channel_ != 0) {
    meters_.events_live.set(0);
    events_->forget();
    connection.close_channel(std::exchange(events_channel_, Channel{0}));
  }
  const bool jobs = jobs_interest_ == Interest::some;
  if (jobs && jobs_channel_ == 0) {
    const auto channel = connection.open_channel();
    listen_to_jobs(connection, channel, options_);
    jobs_channel_ = channel;
    meters_.jobs_live.set(1);
  } else if (!jobs && jobs_channel_ != 0) {
    // What was not handled goes back to the queue by itself.
    settle(connection);
    meters_.jobs_live.set(0);
    jobs_->forget();
    connection.close_channel(std::exchange(jobs_channel_, Channel{0}));
  }
}

/// The broker tells its listeners of a queue that is deleted, but not whoever came in just then:
/// the queue is there again a moment later, and they would wait for ever.
void Consumer::see_that_we_are_known(Connection& connection) {
  const auto now = std::chrono::steady_clock::now();
  if (now < look_again_) return;
  look_again_ = now + options_.look_every;
  const auto insist = [&](Channel channel, const std::string& queue) {
    if (channel == 0 || listeners_of(connection, channel, queue) > 0) return;
    throw Refused(AMQP_NOT_FOUND, "the broker has forgotten that " + queue + " is listened to");
  };
  insist(events_channel_, events_queue_);
  insist(jobs_channel_, Names(options_.prefix).jobs);
}

/// False where there is nothing more to hear at present.
bool Consumer::hear_some(Connection& connection) {
  for (int heard = 0; heard < burst_max; ++heard) {
    const auto incoming = connection.next();
    if (!incoming) return false;
    if (const auto* delivery = std::get_if<Delivery>(&incoming->what)) {
      hear(connection, incoming->channel, *delivery);
    }
  }
  return true;
}

void Consumer::hear(Connection& connection, Channel channel, const Delivery& delivery) {
  if (delivery.bytes > body_bytes_max) {
    put_aside(connection, channel, delivery, "the body is too large");
  } else if (channel == events_channel_) {
    hear_events(connection, channel, delivery);
  } else if (channel == jobs_channel_) {
    const auto job = decode_job(delivery.body);
    if (!job) return put_aside(connection, channel, delivery, job.error().detail);
    jobs_->push(delivery.tag, *job);
  }
}

/// What can be read of it is handled, and with the last of that the message is acknowledged.
void Consumer::hear_events(Connection& connection, Channel channel, const Delivery& delivery) {
  const auto lines = split_lines(delivery.body);
  if (!lines) return put_aside(connection, channel, delivery, lines.error().detail);
  std::vector<std::shared_ptr<const domain::Event>> readable;
  std::string why;
  for (const auto line : *lines) {
    auto event = decode_event(line);
    if (event) {
      readable.push_back(std::make_shared<const domain::Event>(std::move(*event)));
    } else {
      why = event.error().detail;
    }
  }
  if (readable.empty()) return put_aside(connection, channel, delivery, why);
  if (!why.empty()) note_unreadable("events", delivery, why);
  for (auto& event : readable) {
    const bool last = &event == &readable.back();
    events_->push(last ? delivery.tag : events_->no_tag, std::move(event));
  }
}

void Consumer::note_unreadable(const char* kind, const Delivery& delivery, const std::string& why) {
  meters_.unreadable.add();
  log_.repeated(observability::Level::error, "rabbitmq.message_unreadable",
                {{"kind", kind}, {"size_bytes", delivery.bytes}, {"error.message", why}});
}

/// It would be no better the next time. The database has the truth: heads are compared, jobs swept.
/// The broker keeps a job that makes no sense among the dead, unless it is too large to be ours.
/// Events are not kept: each gateway would keep its own, with what people wrote.
void Consumer::put_aside(Connection& connection, Channel channel, const Delivery& delivery,
                         const std::string& why) {
  const bool job = channel == jobs_channel_;
  note_unreadable(job ? "jobs" : "events", delivery, why);
  if (job && delivery.bytes <= body_bytes_max) {
    connection.reject(channel, delivery.tag);
  } else {
    connection.ack(channel, delivery.tag, Connection::Reach::one);
  }
}

void Consumer::settle(Connection& connection) {
  if (events_channel_ != 0) acknowledge(connection, events_channel_, events_->settled());
  if (jobs_channel_ != 0) acknowledge(connection, jobs_channel_, jobs_->settled());
}

void Consumer::lost(Stage, const std::string&) {
  forget();
}

void Consumer::ended() {}

void Consumer::forget() {
  events_channel_ = 0;
  jobs_channel_ = 0;
  meters_.events_live.set(0);
  meters_.jobs_live.set(0);
  events_->forget();
  jobs_->forget();
}

}  // namespace rubricon::rabbitmq
