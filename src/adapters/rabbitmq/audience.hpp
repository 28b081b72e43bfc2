/// Who listens in this process. One shard.
#pragma once

#include <rubricon/observability/log.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/rabbitmq/inbox.hpp>

#include <list>
#include <memory>

namespace rubricon::rabbitmq {

class Audience {
 public:
  /// `log` outlives every call that reaches a handler.
  explicit Audience(observability::Log& log) : log_(log) {}

  struct Listener {
    ports::EventHandler on_event;
    ports::ReconnectHandler on_reconnect;
    bool left = false;
  };
  struct Taker {
    ports::JobHandler on_job;
    bool left = false;
  };
  using ListenerPtr = std::shared_ptr<Listener>;
  using TakerPtr = std::shared_ptr<Taker>;

  ListenerPtr add(ports::EventHandler on_event, ports::ReconnectHandler on_reconnect);
  TakerPtr add(ports::JobHandler on_job);
  /// No handler of it is called any more, not even where it is called from one.
  void remove(const ListenerPtr& listener);
  void remove(const TakerPtr& taker);

  bool listens() const { return !listeners_.empty(); }
  bool takes() const { return !takers_.empty(); }

  /// To every listener. Null: the connection was made, and anything may have been missed before.
  Handled hear(const std::shared_ptr<const domain::Event>& event);
  /// To one taker, in turn. Not taken where there is none or its handler threw.
  Handled take(domain::JobId job);

 private:
  observability::Log& log_;
  std::list<ListenerPtr> listeners_;
  std::list<TakerPtr> takers_;  ///< the front one is next
};

}  // namespace rubricon::rabbitmq
