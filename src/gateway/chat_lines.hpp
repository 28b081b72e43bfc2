/// `chat-updated`: one line of the chat list, to every member who is connected, wherever in the
/// page they are. Made from a chat event's audience and not stored; what the line says is read from
/// the store, once for all the events of a short while, so that title and unread count are right.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/services.hpp>
#include <rubricon/gateway/store_reads.hpp>

#include <set>
#include <unordered_map>

namespace rubricon::gateway {

/// One shard. Ephemeral: when the store fails the line is not sent; lists are read anew on connect.
class ChatLines {
 public:
  ChatLines(base::TaskGroup& tasks, StoreReads& reads, Clients& clients, const Services& services,
            Meters& meters, const Options& options)
      : tasks_(tasks),
        reads_(reads),
        clients_(clients),
        services_(services),
        meters_(meters),
        options_(options) {}

  /// Any event, any number of times.
  void note(const domain::Event& event);

 private:
  base::Task<void> send_soon(domain::ChatId chat);
  base::Task<void> send(domain::ChatId chat);

  base::TaskGroup& tasks_;
  StoreReads& reads_;
  Clients& clients_;
  Services services_;
  Meters& meters_;
  const Options& options_;
  std::unordered_map<domain::ChatId, std::set<domain::UserId>> waiting_;
};

}  // namespace rubricon::gateway
