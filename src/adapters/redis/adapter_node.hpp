/// This process as one of the servers of a Socket.IO cluster: hears what the others broadcast, and
/// answers what they ask, under rules that do not trust them with what is stored.
#pragma once

#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/ephemeral_bus.hpp>
#include <rubricon/ports/local_sockets.hpp>
#include <rubricon/redis/adapter_channels.hpp>
#include <rubricon/redis/adapter_packet.hpp>
#include <rubricon/redis/adapter_request.hpp>
#include <rubricon/redis/connection.hpp>
#include <rubricon/redis/subscriber.hpp>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace rubricon::redis {

/// `full`: other servers may also put our sockets into rooms of chats and users, and take them out.
enum class AdapterTrust { ephemeral, full };

struct AdapterNodeOptions {
  AdapterChannels channels;
  std::string uid;  ///< of our own AdapterBus: what it publishes has been heard already
  /// Names of events that pass beside those of ports::Ephemeral. Those that are only_ours never do.
  std::vector<std::string> more_names;
  AdapterTrust trust = AdapterTrust::ephemeral;
};

/// Only for processes with sockets: the others count the servers by their subscriptions and wait
/// for an answer from each. One executor, that of the subscriber. Everything given outlives it; it
/// subscribes in its constructor, so the subscriber is started after it and stopped before its end.
///
/// An event for one chat or user goes to the bus, whose subscribers know more of it than its name;
/// any other one to the sockets directly, so it may overtake one that goes to the bus. Requests of
/// our own are none: who is online is asked of ports::Presence, not of all servers.
class AdapterNode {
 public:
  AdapterNode(Subscriber& subscriber, Connection& connection, ports::EphemeralBus& local,
              ports::LocalSockets& sockets, AdapterNodeOptions options, observability::Log& log,
              observability::Metrics& metrics);
  AdapterNode(const AdapterNode&) = delete;
  AdapterNode& operator=(const AdapterNode&) = delete;

 private:
  struct Meters {
    explicit Meters(observability::Metrics& metrics);
    observability::Counter& passed;
    observability::Counter& ours;
    observability::Counter& malformed;
    observability::Counter& refused_name;
    observability::Counter& refused_rooms;
    observability::Counter& requests;
  };

  void heard(std::string_view message);
  void pass(const AdapterPacket& packet);
  void asked(std::string_view message);
  void obey(const AdapterRequest& request);
  void move(const AdapterRequest& request);
  void answer(const AdapterRequest& request, const std::string& bytes);
  void refused(observability::Counter& counter, const char* event, std::string_view name);
  bool allowed(const std::string& name) const { return names_.contains(name); }

  Connection& connection_;
  ports::EphemeralBus& local_;
  ports::LocalSockets& sockets_;
  AdapterNodeOptions options_;
  std::set<std::string> names_;
  observability::Log& log_;
  Meters meters_;
};

}  // namespace rubricon::redis
