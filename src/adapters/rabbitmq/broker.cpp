#include <rubricon/rabbitmq/broker.hpp>

#include <rubricon/rabbitmq/audience.hpp>
#include <rubricon/rabbitmq/consumer.hpp>
#include <rubricon/rabbitmq/publisher.hpp>

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace rubricon::rabbitmq {

struct Broker::State {
  State(boost::asio::any_io_executor shard, const Endpoint& endpoint, const Options& options,
        observability::Log& log, observability::Metrics& metrics)
      : meters(metrics),
        audience(std::make_shared<Audience>(log)),
        publisher(endpoint, options, meters, log),
        consumer(
            std::move(shard), endpoint, options, meters, log,
            [this, kept = audience](const EventPtr& event) { return hear(*kept, event); },
            [this, kept = audience](domain::JobId job) { return take(*kept, job); }) {}

  // Both are called by an inbox that is open, so this is alive; the audience is kept because a
  // handler may be the one that destroys the broker.
  Handled hear(Audience& kept, const EventPtr& event) {
    if (event) meters.events_delivered.add();
    return kept.hear(event);
  }
  Handled take(Audience& kept, domain::JobId job) {
    auto& delivered = meters.jobs_delivered;
    auto& requeued = meters.jobs_requeued;
    const auto how = kept.take(job);
    (how == Handled::taken ? delivered : requeued).add();
    return how;
  }

  void tell_interests() {
    consumer.want_events(audience->listens() ? Interest::some : Interest::none);
    consumer.want_jobs(audience->takes() ? Interest::some : Interest::none);
  }

  Meters meters;
  std::shared_ptr<Audience> audience;
  Publisher publisher;
  Consumer consumer;
};

template <typename Member>
class Broker::Membership final : public ports::Subscription {
 public:
  Membership(std::weak_ptr<State> state, std::shared_ptr<Member> member)
      : state_(std::move(state)), member_(std::move(member)) {}
  ~Membership() override {
    member_->left = true;
    const auto state = state_.lock();
    if (!state) return;
    state->audience->remove(member_);
    state->tell_interests();
  }

 private:
  std::weak_ptr<State> state_;
  std::shared_ptr<Member> member_;
};

Broker::Broker(boost::asio::any_io_executor shard, const Endpoint& endpoint, const Options& options,
               observability::Log& log, observability::Metrics& metrics)
    : state_(std::make_shared<State>(std::move(shard), endpoint, options, log, metrics)) {}

Broker::~Broker() {
  state_->consumer.close();
  state_->publisher.close();
}

base::Task<void> Broker::publish(std::vector<EventPtr> batch, base::Deadline deadline) {
  auto call = std::make_shared<PublishCall>(co_await boost::asio::this_coro::executor,
                                            state_->publisher.limit(deadline), std::move(batch),
                                            std::vector<domain::JobId>());
  co_await state_->publisher.hand_over(std::move(call));
}

base::Task<void> Broker::announce(std::vector<domain::JobId> jobs, base::Deadline deadline) {
  auto call = std::make_shared<PublishCall>(co_await boost::asio::this_coro::executor,
                                            state_->publisher.limit(deadline),
                                            std::vector<EventPtr>(), std::move(jobs));
  co_await state_->publisher.hand_over(std::move(call));
}

std::unique_ptr<ports::Subscription> Broker::subscribe(ports::EventHandler on_event,
                                                       ports::ReconnectHandler on_reconnect) {
  auto listener = state_->audience->add(std::move(on_event), std::move(on_reconnect));
  state_->tell_interests();
  return std::make_unique<Membership<Audience::Listener>>(state_, std::move(listener));
}

bool Broker::connected() const {
  return state_->meters.events_live.value() > 0;
}

std::unique_ptr<ports::Subscription> Broker::consume(ports::JobHandler on_job) {
  auto taker = state_->audience->add(std::move(on_job));
  state_->tell_interests();
  return std::make_unique<Membership<Audience::Taker>>(state_, std::move(taker));
}

Statistics Broker::statistics() const {
  const auto& m = state_->meters;
  const auto feed = [](bool wanted, const observability::Gauge& live) {
    if (!wanted) return Feed::off;
    return live.value() > 0 ? Feed::live : Feed::starting;
  };
  return {.publisher_connected = m.publisher_connected.value() > 0,
          .consumer_connected = m.consumer_connected.value() > 0,
          .blocked = m.blocked.value() > 0,
          .events = feed(state_->audience->listens(), m.events_live),
          .jobs = feed(state_->audience->takes(), m.jobs_live),
          .events_published = m.events_published.value(),
          .jobs_published = m.jobs_published.value(),
          .events_delivered = m.events_delivered.value(),
          .jobs_delivered = m.jobs_delivered.value(),
          .jobs_requeued = m.jobs_requeued.value(),
          .unreadable = m.unreadable.value(),
          .returned = m.returned.value(),
          .queue_refusals = m.queue_refusals.value()};
}

}  // namespace rubricon::rabbitmq
