#include <rubricon/redis/adapter_bus.hpp>

#include <rubricon/redis/adapter_packet.hpp>

#include <boost/json/parse.hpp>

#include <array>
#include <utility>

namespace rubricon::redis {

std::string make_adapter_uid(ports::Random& random) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  std::array<std::uint8_t, adapter_uid_length> bytes{};
  random.fill(bytes);
  std::string uid;
  for (const auto byte : bytes) uid += alphabet[byte % alphabet.size()];
  return uid;
}

AdapterBus::AdapterBus(Connection& connection, ports::EphemeralBus& local, std::string uid,
                       AdapterChannels channels, observability::Metrics& metrics)
    : connection_(connection),
      local_(local),
      uid_(std::move(uid)),
      channels_(std::move(channels)),
      published_(metrics.counter("rubricon_redis_ephemerals_published_total",
                                 "Ephemeral messages sent to other servers")),
      dropped_(metrics.counter("rubricon_redis_ephemerals_dropped_total",
                               "Ephemeral messages that other servers do not get")) {}

void AdapterBus::publish(ports::Ephemeral message) {
  (send(message) ? published_ : dropped_).add();
  local_.publish(std::move(message));
}

bool AdapterBus::send(const ports::Ephemeral& message) {
  if (!connection_.usable()) return false;
  boost::system::error_code error;
  auto payload = boost::json::parse(message.payload, error);
  if (error) return false;
  const auto room = message.room.to_string();
  const auto bytes = adapter_bytes({.uid = uid_,
                                    .name = message.name,
                                    .args = {std::move(payload)},
                                    .rooms = {room},
                                    .except = {}});
  return connection_.post(Command{"PUBLISH", channels_.broadcast(room), bytes});
}

std::unique_ptr<ports::Subscription> AdapterBus::subscribe(ports::EphemeralHandler on_message) {
  return local_.subscribe(std::move(on_message));
}

}  // namespace rubricon::redis
