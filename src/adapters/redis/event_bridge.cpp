#include <rubricon/redis/event_bridge.hpp>

#include <rubricon/redis/adapter_packet.hpp>

#include <boost/json/parse.hpp>

#include <utility>

namespace rubricon::redis {

EventBridge::EventBridge(ports::EventBus& bus, Connection& connection, AdapterChannels channels,
                         observability::Metrics& metrics)
    : bus_(bus),
      connection_(connection),
      channels_(std::move(channels)),
      told_(metrics.counter("rubricon_redis_bridged_events_total",
                            "Stored events told to Node servers")),
      dropped_(metrics.counter("rubricon_redis_bridged_events_dropped_total",
                               "Stored events that Node servers were not told")) {}

base::Task<void> EventBridge::publish(std::vector<std::shared_ptr<const domain::Event>> batch,
                                      base::Deadline deadline) {
  co_await bus_.publish(batch, deadline);
  for (const auto& event : batch) (tell(*event) ? told_ : dropped_).add();
}

std::unique_ptr<ports::Subscription> EventBridge::subscribe(ports::EventHandler on_event,
                                                            ports::ReconnectHandler on_reconnect) {
  return bus_.subscribe(std::move(on_event), std::move(on_reconnect));
}

bool EventBridge::tell(const domain::Event& event) {
  if (!connection_.usable()) return false;
  boost::system::error_code error;
  auto payload = boost::json::parse(domain::wire_payload(event), error);
  if (error) return false;
  const auto room = event.stream.to_string();
  const auto bytes = adapter_bytes({.uid = adapter_bridge_uid,
                                    .name = domain::socket_event_name(event.type),
                                    .args = {std::move(payload)},
                                    .rooms = {room},
                                    .except = {}});
  return connection_.post(Command{"PUBLISH", channels_.broadcast(room), bytes});
}

}  // namespace rubricon::redis
