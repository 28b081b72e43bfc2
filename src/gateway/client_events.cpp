#include <rubricon/gateway/client_events.hpp>

#include <rubricon/gateway/wire.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/trace_context.hpp>

#include <array>
#include <utility>

namespace rubricon::gateway {
namespace {

using base::ErrorCode;
using socketio_server::Ack;
using socketio_server::Args;
using socketio_server::SocketPtr;
using socketio_server::Verdict;

void refuse(const Ack& ack, const base::Error& error) {
  ack(Args{wire::error_ack(error)});
}

}  // namespace

ClientEvents::ClientEvents(base::TaskGroup& tasks, socketio_server::Namespace& nsp,
                           Clients& clients, Rooms& rooms, Door& door, const Services& services,
                           Meters& meters, const Options& options)
    : tasks_(tasks),
      nsp_(nsp),
      clients_(clients),
      rooms_(rooms),
      door_(door),
      services_(services),
      meters_(meters),
      options_(options) {}

std::span<const ClientEvents::Named> ClientEvents::table() {
  static constexpr Named events[] = {
      {"auth", &ClientEvents::auth},           {"join-user", &ClientEvents::join_user},
      {"join-chat", &ClientEvents::join_chat}, {"leave-chat", &ClientEvents::leave_chat},
      {"send-msg", &ClientEvents::send_msg},   {"typing", &ClientEvents::typing},
  };
  return events;
}

std::vector<std::string_view> ClientEvents::names() {
  std::vector<std::string_view> names;
  for (const auto& event : table()) names.push_back(event.name);
  return names;
}

void ClientEvents::listen() {
  for (const auto& event : table()) on(event);
  nsp_.on_any([this](const SocketPtr& socket, Event& event) {
    const auto* client = socket->data<ClientPtr>();
    if (!client || !within_rate(*client, event)) return;
    refuse(event.ack, {ErrorCode::invalid, "no such event", "unknown_event", {}});
  });
  nsp_.set_gate([this](const SocketPtr& socket, std::string_view event, std::size_t bytes) {
    const auto& limits = options_.limits;
    const auto most = event == "send-msg" ? limits.send_msg_bytes : limits.event_bytes;
    if (bytes <= most) return Verdict::deliver;
    const auto* client = socket->data<ClientPtr>();
    if (!client) return Verdict::disconnect;
    clients_.close(ClientPtr(*client), CloseReason::too_large);
    return Verdict::drop;
  });
}

void ClientEvents::on(const Named& event) {
  nsp_.on(event.name, [this, handler = event.handler](const SocketPtr& socket, Event& event) {
    const auto* found = socket->data<ClientPtr>();
    if (!found) return;
    const ClientPtr client = *found;
    if (within_rate(client, event)) (this->*handler)(client, event);
  });
}

bool ClientEvents::within_rate(const ClientPtr& client, Event& event) {
  meters_.client_events.add();
  const auto now = services_.clock.monotonic();
  if (client->events.take(now)) return true;
  meters_.client_events_refused.add();
  if (client->patience.take(now)) {
    refuse(event.ack, {ErrorCode::rate_limited, "too many events, slow down", {}, {}});
  } else {
    clients_.close(client, CloseReason::too_many_events);
  }
  return false;
}

base::Result<void> ClientEvents::still_valid(const Client& client) const {
  if (services_.clock.now() < client.identity.expires_at) return {};
  return base::fail(ErrorCode::token_expired, "renew the token by `auth`");
}

void ClientEvents::auth(const ClientPtr& client, Event& event) {
  auto token = wire::parse_token(event.args[0], options_.limits.token_bytes);
  const auto identity = door_.identify(token);
  if (!identity) return refuse(event.ack, identity.error());
  if (identity->user != client->identity.user) {
    return refuse(event.ack, {ErrorCode::forbidden, "that token is somebody else's", {}, {}});
  }
  client->identity = *identity;
  if (services_.submitter.forwards_token()) client->token = std::move(token);
  event.ack(Args{wire::ok_ack()});
}

void ClientEvents::join_user(const ClientPtr& client, Event& event) {
  const auto from = check_join_user(*client, event);
  if (!from) return refuse(event.ack, from.error());
  rooms_.join(client, domain::StreamId(client->identity.user), *from, event.ack);
}

base::Result<JoinFrom> ClientEvents::check_join_user(const Client& client,
                                                     const Event& event) const {
  const auto join = wire::parse_join(event.args[0], "userId");
  if (!join) return std::unexpected(join.error());
  if (const auto valid = still_valid(client); !valid) return std::unexpected(valid.error());
  if (domain::UserId::parse(join->id) != client.identity.user) {
    return base::fail(ErrorCode::forbidden, "that is not your id");
  }
  return join->from;
}

void ClientEvents::join_chat(const ClientPtr& client, Event& event) {
  const auto join = wire::parse_join(event.args[0], "chatId");
  if (!join) return refuse(event.ack, join.error());
  if (const auto valid = still_valid(*client); !valid) return refuse(event.ack, valid.error());
  const auto chat = domain::ChatId::parse(join->id);
  if (!chat) return refuse(event.ack, {ErrorCode::not_found, "no such chat", {}, {}});
  const domain::StreamId stream(*chat);
  const bool again = client->stays.contains(stream) || client->retries.contains(stream);
  // The user's own room is one of them.
  const auto rooms = client->stays.size() + client->retries.size();
  if (!again && rooms > options_.limits.rooms_per_socket) {
    return refuse(event.ack, {ErrorCode::rate_limited, "leave a chat first", "too_many_rooms", {}});
  }
  rooms_.join(client, stream, join->from, event.ack);
}

void ClientEvents::leave_chat(const ClientPtr& client, Event& event) {
  const auto chat = wire::parse_chat(event.args[0]);
  if (!chat && chat.error().code == ErrorCode::invalid) return refuse(event.ack, chat.error());
  if (chat) rooms_.leave(client, domain::StreamId(*chat));
  event.ack(Args{wire::ok_ack()});
}

void ClientEvents::send_msg(const ClientPtr& client, Event& event) {
  auto message = check_send(*client, event);
  if (!message) return refuse(event.ack, message.error());
  if (!tasks_.spawn(submit(client, std::move(*message), event.ack))) {
    refuse(event.ack, {ErrorCode::unavailable, "the server is stopping", {}, {}});
  }
}

base::Result<ports::SubmitMessage> ClientEvents::check_send(const Client& client,
                                                            const Event& event) {
  auto sent = wire::parse_send(event.args[0]);
  if (!sent) return std::unexpected(sent.error());
  if (const auto valid = still_valid(client); !valid) return std::unexpected(valid.error());
  if (!sent->user_id.empty() && domain::UserId::parse(sent->user_id) != client.identity.user) {
    return base::fail(ErrorCode::forbidden, "that is not your id");
  }
  if (client.submits >= options_.limits.submits_per_socket) {
    return base::fail(ErrorCode::rate_limited, "wait for the answers to what was sent");
  }
  std::array<std::uint8_t, 24> random{};
  services_.random.fill(random);
  const auto trace = observability::TraceContext::create(random, true);
  return ports::SubmitMessage{.sender = client.identity,
                              .access_token = client.token,
                              .chat_id = std::move(sent->chat_id),
                              .content = std::move(sent->content),
                              .client_id = std::move(sent->client_id),
                              .trace = trace.to_string()};
}

base::Task<void> ClientEvents::submit(ClientPtr client, ports::SubmitMessage message, Ack ack) {
  ++client->submits;
  const auto deadline = base::Deadline::after(services_.clock.monotonic(), options_.submit_timeout);
  try {
    const auto posted = co_await services_.submitter.submit(std::move(message), deadline);
    ack(Args{posted ? wire::sent_ack(*posted) : wire::error_ack(posted.error())});
  } catch (const std::exception& fault) {
    meters_.store_faults.add();
    services_.log.repeated(observability::fault_level(fault), "gateway.submit_failed",
                           {{"error.message", fault.what()}});
    refuse(ack, {ErrorCode::unavailable, "send it again with the same clientId", {}, {}});
  }
  --client->submits;
}

void ClientEvents::typing(const ClientPtr& client, Event& event) {
  const auto chat = wire::parse_chat(event.args[0]);
  if (!chat || !rooms_.live(*client, domain::StreamId(*chat)) || !still_valid(*client)) return;
  const auto now = services_.clock.monotonic();
  const auto [last, first] = client->typed_at.try_emplace(*chat, now);
  if (!first && now - last->second < options_.typing_every) return;
  last->second = now;
  services_.ephemerals.publish(
      {domain::StreamId(*chat), "typing", wire::typing(*chat, client->identity.user)});
}

}  // namespace rubricon::gateway
