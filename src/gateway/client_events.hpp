/// What clients say: each event is rate-limited, checked and answered (docs/client-authors.md).
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/door.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/rooms.hpp>
#include <rubricon/gateway/services.hpp>
#include <rubricon/socketio_server/namespace.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace rubricon::gateway {

/// One shard. Sets handlers in the namespace, which call it until the server has stopped.
class ClientEvents {
 public:
  ClientEvents(base::TaskGroup& tasks, socketio_server::Namespace& nsp, Clients& clients,
               Rooms& rooms, Door& door, const Services& services, Meters& meters,
               const Options& options);

  void listen();

  /// Every event that clients may send: those that contract/events.schema.json describes.
  static std::vector<std::string_view> names();

 private:
  using Event = socketio_server::Event;
  using Handler = void (ClientEvents::*)(const ClientPtr&, Event&);

  struct Named {
    std::string_view name;
    Handler handler;
  };
  static std::span<const Named> table();

  void on(const Named& event);
  /// False, and the event is answered or the socket closed, where the client sends too much.
  bool within_rate(const ClientPtr& client, Event& event);
  /// An error once the token has expired: in the grace after that only `auth` works.
  base::Result<void> still_valid(const Client& client) const;

  void auth(const ClientPtr& client, Event& event);
  void join_user(const ClientPtr& client, Event& event);
  void join_chat(const ClientPtr& client, Event& event);
  void leave_chat(const ClientPtr& client, Event& event);
  void send_msg(const ClientPtr& client, Event& event);
  void typing(const ClientPtr& client, Event& event);

  base::Result<JoinFrom> check_join_user(const Client& client, const Event& event) const;
  base::Result<ports::SubmitMessage> check_send(const Client& client, const Event& event);
  base::Task<void> submit(ClientPtr client, ports::SubmitMessage message, socketio_server::Ack ack);

  base::TaskGroup& tasks_;
  socketio_server::Namespace& nsp_;
  Clients& clients_;
  Rooms& rooms_;
  Door& door_;
  Services services_;
  Meters& meters_;
  const Options& options_;
};

}  // namespace rubricon::gateway
