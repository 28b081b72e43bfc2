/// Who has a chat open: kept in Presence, told to joiners at once and to the room when it changes,
/// with a pause that hides reloads and short drops.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/services.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace rubricon::gateway {

/// One shard. A cache of a cache: faults of Presence are counted, logged and forgotten.
class PresenceBoard {
 public:
  PresenceBoard(base::TaskGroup& tasks, Clients& clients, const Services& services, Meters& meters,
                const Options& options)
      : tasks_(tasks), clients_(clients), services_(services), meters_(meters), options_(options) {}

  void enter(const ClientPtr& client, domain::ChatId chat);
  void leave(const ClientPtr& client, domain::ChatId chat);
  /// Says again that these are here, so that Presence does not take them for ghosts, and finds
  /// those whom another gateway left behind when it died.
  base::Task<void> refresh(std::vector<ClientPtr> clients);

 private:
  base::Task<void> entered(ClientPtr client, domain::ChatId chat);
  base::Task<void> left(ClientPtr client, domain::ChatId chat);
  base::Task<void> announce(domain::ChatId chat, base::Instant due);
  base::Deadline deadline() const;
  void announce_within(domain::ChatId chat, base::Milliseconds time);
  void failed(const std::exception& fault);

  base::TaskGroup& tasks_;
  Clients& clients_;
  Services services_;
  Meters& meters_;
  const Options& options_;
  std::unordered_map<domain::ChatId, base::Instant> due_;
  /// What the room was told last; only of chats with somebody in them.
  std::unordered_map<domain::ChatId, std::string> told_;
};

}  // namespace rubricon::gateway
