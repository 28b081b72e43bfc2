#include <rubricon/rabbitmq/publisher.hpp>

#include <rubricon/rabbitmq/event_wire.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace rubricon::rabbitmq {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* blocked_why =
    "the broker takes no messages at present: it is short of memory or disk";

}  // namespace

Publisher::Publisher(const Endpoint& endpoint, const Options& options, Meters& meters,
                     observability::Log& log)
    : options_(options),
      names_(options.prefix),
      meters_(meters),
      log_(log),
      thread_({endpoint, options, "publisher", log, meters.publisher_connected,
               meters.publisher_losses},
              *this) {
  thread_.start();
}

base::Deadline Publisher::limit(base::Deadline deadline) const {
  return std::min(deadline, base::Deadline::after(Clock::now(), options_.publish_timeout));
}

base::Task<void> Publisher::hand_over(std::shared_ptr<PublishCall> call) {
  if (call->size() == 0) co_return;
  enqueue(call);
  try {
    co_await PublishCall::wait(call);
  } catch (...) {
    withdraw(call);
    throw;
  }
  if (call->finished() && call->outcome() == Outcome::taken) co_return;
  if (call->finished() && call->outcome() == Outcome::broken) throw std::length_error(call->why());
  meters_.publish_failures.add();
  if (call->finished()) throw base::Unavailable(call->why());
  withdraw(call);
  rescue();
  throw base::DeadlineExceeded(meters_.blocked.value() > 0
                                   ? blocked_why
                                   : "the broker did not confirm the messages in time");
}

void Publisher::enqueue(std::shared_ptr<PublishCall> call) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) throw base::Unavailable("the connection to the broker is closed");
    if (queued_messages_ + call->size() > options_.publish_queue_max) {
      meters_.queue_refusals.add();
      throw base::Unavailable("too many messages wait for the broker");
    }
    queued_messages_ += call->size();
    meters_.queued.set(static_cast<double>(queued_messages_));
    queue_.push_back(std::move(call));
  }
  thread_.wake()->signal();
}

/// What nobody waits for must not keep others out of the queue.
void Publisher::withdraw(const std::shared_ptr<PublishCall>& call) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(queue_, call);
  if (found == queue_.end()) return;
  left_queue(*call);
  queue_.erase(found);
}

/// With the lock held.
void Publisher::left_queue(const PublishCall& call) {
  queued_messages_ -= call.size();
  meters_.queued.set(static_cast<double>(queued_messages_));
}

/// The library's send waits for ever where the broker has stopped to read. Then the connection is
/// worth nothing.
void Publisher::rescue() {
  const auto since = sending_since_.load();
  if (since == 0) return;
  const auto stuck = Clock::now().time_since_epoch() - Instant::duration(since);
  if (stuck >= options_.call_timeout) thread_.cut();
}

void Publisher::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  thread_.close();
}

bool Publisher::wanted() {
  const std::lock_guard lock(mutex_);
  was_wanted_ = was_wanted_ || !queue_.empty();
  return was_wanted_;
}

void Publisher::run(Connection& connection) {
  confirms_ = {};
  topology_lost_ = false;
  channel_ = connection.open_channel();
  connection.confirm(channel_);
  while (!thread_.closing()) {
    thread_.wake()->clear();
    while (const auto incoming = connection.next()) handle(incoming->what);
    if (std::exchange(topology_lost_, false)) {
      const auto channel = connection.open_channel();
      declare(connection, channel, options_);
      connection.close_channel(channel);
    }
    if (const auto call = next_call()) {
      send(connection, call);
    } else {
      connection.wait(*thread_.wake());
    }
  }
}

void Publisher::handle(const Received& what) {
  if (const auto* confirmed = std::get_if<Confirmed>(&what)) {
    handle_confirm(*confirmed);
  } else if (const auto* returned = std::get_if<Returned>(&what)) {
    std::uint64_t tag = 0;
    const auto& text = returned->correlation;
    std::from_chars(text.data(), text.data() + text.size(), tag);
    confirms_.returned(tag);
    meters_.returned.add();
    topology_lost_ = true;
  } else if (const auto* blocked = std::get_if<Blocked>(&what)) {
    block(true, blocked->reason);
  } else if (std::holds_alternative<Unblocked>(what)) {
    block(false, {});
  }
}

void Publisher::handle_confirm(const Confirmed& confirmed) {
  const auto reach = confirmed.multiple ? Confirms::Reach::all_up_to : Confirms::Reach::one;
  const auto answer = confirmed.ack ? Confirms::Answer::ack : Confirms::Answer::nack;
  for (const auto& each : confirms_.answer(confirmed.tag, reach, answer)) settle(each);
  meters_.unconfirmed.set(static_cast<double>(confirms_.open()));
}

void Publisher::settle(const Settled& settled) {
  auto node = in_flight_.extract(settled.batch);
  auto& [call, sent] = node.mapped();
  switch (settled.verdict) {
    case Verdict::taken:
      meters_.events_published.add(call->events().size());
      meters_.jobs_published.add(call->jobs().size());
      meters_.confirm_seconds.observe(std::chrono::duration<double>(Clock::now() - sent).count());
      PublishCall::finish(std::move(call), Outcome::taken, {});
      break;
    case Verdict::refused:
      PublishCall::finish(std::move(call), Outcome::unavailable,
                          "the broker refused a message: its queue is full or has no leader");
      break;
    case Verdict::returned:
      PublishCall::finish(std::move(call), Outcome::unavailable,
                          "the broker had no queue for a message; it is made again");
      break;
  }
}

void Publisher::block(bool blocked, const std::string& reason) {
  blocked_ = blocked;
  meters_.blocked.set(blocked ? 1 : 0);
  if (blocked) {
    log_.error("rabbitmq.blocked", {{"error.message", reason}});
  } else {
    log_.info("rabbitmq.unblocked");
  }
}

std::shared_ptr<PublishCall> Publisher::next_call() {
  if (blocked_ || confirms_.open() >= options_.unconfirmed_max) return nullptr;
  const std::lock_guard lock(mutex_);
  while (!queue_.empty()) {
    auto call = std::move(queue_.front());
    queue_.pop_front();
    left_queue(*call);
    if (!call->abandoned()) return call;
  }
  return nullptr;
}

void Publisher::send(Connection& connection, const std::shared_ptr<PublishCall>& call) {
  std::vector<std::string> lines;
  try {
    for (const auto& event : call->events()) lines.push_back(encode_event(*event));
  } catch (const std::length_error& error) {
    PublishCall::finish(call, Outcome::broken, error.what());
    return;
  }
  const auto bodies = join_lines(std::move(lines));
  if (call->abandoned()) return;  // while its bodies were made
  const auto now = Clock::now();
  const auto tag = confirms_.expect(++batch_last_, bodies.size() + call->jobs().size());
  in_flight_.emplace(batch_last_, InFlight{call, now});
  meters_.unconfirmed.set(static_cast<double>(confirms_.open()));
  sending_since_ = now.time_since_epoch().count();
  send_all(connection, *call, bodies, tag);
  sending_since_ = 0;
}

void Publisher::send_all(Connection& connection, const PublishCall& call,
                         const std::vector<std::string>& bodies, std::uint64_t tag) {
  for (const auto& body : bodies) {
    connection.publish(
        channel_,
        {.exchange = names_.events, .routing_key = "events", .type = "events", .body = body});
    ++tag;
  }
  for (const auto job : call.jobs()) {
    connection.publish(channel_, {.exchange = {},  // the one that knows every queue by its name
                                  .routing_key = names_.jobs,
                                  .routing = Routing::mandatory,
                                  .storage = Storage::persistent,
                                  .type = "job",
                                  .correlation = fmt::format("{}", tag),
                                  .body = encode_job(job)});
    ++tag;
  }
}

void Publisher::lost(Stage stage, const std::string& why) {
  sending_since_ = 0;
  if (std::exchange(blocked_, false)) meters_.blocked.set(0);
  fail_in_flight(why);
  // They had a whole attempt; their owners know better how long to try.
  if (stage == Stage::connecting) fail_queued(why);
}

void Publisher::ended() {
  fail_in_flight("the connection to the broker is being closed");
  fail_queued("the connection to the broker is being closed");
  meters_.blocked.set(0);
}

void Publisher::fail_in_flight(const std::string& why) {
  for (auto& [batch, waiting] : std::exchange(in_flight_, {})) {
    PublishCall::finish(std::move(waiting.call), Outcome::unavailable, why);
  }
  confirms_ = {};
  meters_.unconfirmed.set(0);
}

void Publisher::fail_queued(const std::string& why) {
  std::deque<std::shared_ptr<PublishCall>> all;
  {
    const std::lock_guard lock(mutex_);
    all = std::exchange(queue_, {});
    queued_messages_ = 0;
    meters_.queued.set(0);
  }
  for (auto& call : all) PublishCall::finish(std::move(call), Outcome::unavailable, why);
}

}  // namespace rubricon::rabbitmq
