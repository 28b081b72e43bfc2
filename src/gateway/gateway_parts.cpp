#include <rubricon/gateway/gateway_parts.hpp>

#include <rubricon/base/backoff.hpp>
#include <rubricon/base/lower_at_end.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/gateway/wire.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/task_errors.hpp>

#include <algorithm>
#include <any>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

namespace rubricon::gateway {
namespace {

constexpr base::Milliseconds admit_poll{5};

using socketio_server::Admission;
using socketio_server::Delivery;
using socketio_server::SocketPtr;

/// What may come over the ephemeral bus. Names of stored events never do: whoever could publish
/// there could forge them.
constexpr std::string_view chat_ephemerals[] = {"typing", "presence", "ai-delta"};
constexpr std::string_view user_ephemerals[] = {"upload-progress"};

RecoverySecret secret_of(const Options& options, ports::Random& random) {
  if (options.recovery_secret) return *options.recovery_secret;
  RecoverySecret secret{};
  random.fill(secret);
  return secret;
}

/// True once in `every` for each slot, spread evenly over the ticks.
bool its_turn(std::uint64_t slot, std::uint64_t tick, base::Milliseconds every,
              base::Milliseconds tick_length) {
  const auto ticks = static_cast<std::uint64_t>(std::max<std::int64_t>(every / tick_length, 1));
  return slot % ticks == tick % ticks;
}

}  // namespace

Gateway::Parts::Parts(boost::asio::any_io_executor executor, socketio_server::Server& io,
                      const Services& s, const Options& o)
    : server(io),
      nsp(io.of("/")),
      services(s),
      options(o),
      tasks(std::move(executor), observability::log_task_errors(s.log, "gateway.task_failed")),
      meters(s.metrics),
      reads(tasks, o.limits.store_reads, o.limits.store_reads_waiting),
      clients(nsp, meters),
      seal(secret_of(o, s.random)),
      recovery(reads, seal, services, meters, options),
      rooms(tasks, reads, nsp, clients, seal, services, meters, options),
      door(clients, services, options.limits),
      client_events(tasks, nsp, clients, rooms, door, services, meters, options),
      presence(tasks, clients, services, meters, options),
      quota(tasks, clients, services, meters, options),
      chat_lines(tasks, reads, clients, services, meters, options),
      revocations(
          tasks, {s.sessions, s.revocations, s.clock, s.log}, revocation_hooks(),
          {.store_timeout = o.store_timeout, .retry_min = o.retry_min, .retry_max = o.retry_max}) {}

revocation::Hooks Gateway::Parts::revocation_hooks() {
  return {.ended = [this](const auto& ended, auto user) { close_sessions(ended, user); },
          .store_failed = [this] { meters.store_faults.add(); }};
}

void Gateway::Parts::close_sessions(const revocation::Sessions& ended,
                                    std::optional<domain::UserId> user) {
  for (const auto& client : user ? clients.of_user(*user) : clients.all()) {
    if (ended.contains(client->identity.session)) {
      clients.close(client, CloseReason::session_revoked);
    }
  }
}

void Gateway::Parts::listen() {
  Rooms::Hooks hooks;
  hooks.went_live = [this](const ClientPtr& client, domain::ChatId chat) {
    presence.enter(client, chat);
    tasks.spawn(send_running_answers(client, chat));
  };
  hooks.left = [this](const ClientPtr& client, domain::ChatId chat) {
    presence.leave(client, chat);
  };
  hooks.delivered = [this](const EventPtr& event) {
    revocations.heard(*event);
    chat_lines.note(*event);
  };
  rooms.set_hooks(std::move(hooks));
  nsp.use([this](const Admission& admission) {
    if (revocations.loaded()) return admit(admission);
    tasks.spawn(admit_when_known(admission));
  });
  nsp.recover_by(recovery);
  nsp.on_connection([this](const SocketPtr& socket) { connected(socket); });
  nsp.on_disconnect([this](const SocketPtr& socket, auto) { disconnected(socket); });
  server.on_slow_consumer([this](socketio_server::Socket& socket, std::size_t queued_bytes) {
    return slow(socket, queued_bytes);
  });
  client_events.listen();
}

/// Whose session began while it was known who is revoked, and comes in a moment when it is not,
/// waits.
base::Task<void> Gateway::Parts::admit_when_known(Admission admission) {
  const auto last = base::Deadline::after(services.clock.monotonic(), options.admit_wait);
  while (!revocations.loaded() && !last.reached(services.clock.monotonic())) {
    co_await base::pause(admit_poll);
  }
  admit(admission);
}

void Gateway::Parts::admit(const Admission& admission) {
  base::Result<ClientPtr> client =
      base::fail(base::ErrorCode::unavailable, "the server is not ready, come back soon");
  if (revocations.loaded()) {
    client = door.admit(admission.auth(), admission.handshake().remote_address);
  }
  if (client) return admission.accept(std::any(*client));
  meters.doors_refused.add();
  auto ack = wire::error_ack(client.error());
  boost::json::object data;
  data["code"] = ack["error"].as_object()["code"];
  admission.refuse({client.error().detail, std::move(data)});
}

void Gateway::Parts::connected(const SocketPtr& socket) {
  const auto* found = socket->data<ClientPtr>();
  if (!found) return socket->disconnect(socketio_server::Close::transport);
  const ClientPtr client = *found;
  client->socket = socket;
  client->id = socket->id();
  // The token is kept with the client; nobody needs the headers any more.
  socket->discard_handshake();
  clients.add(client);
  if (const auto reason = door.why_not_stay(*client)) return clients.close(client, *reason);
  quota.enter(client);
  rooms.join(client, domain::StreamId(client->identity.user), {}, {});
  const auto place = std::exchange(client->recovered, std::nullopt);
  if (place && socket->recovered()) rooms.recover(client, *place);
}

void Gateway::Parts::disconnected(const SocketPtr& socket) {
  const auto* found = socket->data<ClientPtr>();
  if (!found) return;
  const ClientPtr client = *found;
  clients.remove(client);
  quota.leave(client);
  rooms.leave_all(client);
}

socketio_server::SlowVerdict Gateway::Parts::slow(socketio_server::Socket& socket,
                                                  std::size_t queued_bytes) {
  const auto now = services.clock.monotonic();
  if (const auto* found = socket.data<ClientPtr>()) {
    Client& client = **found;
    if (now - client.slow_last > options.slow_after) client.slow_since = now;
    client.slow_last = now;
    // What was queued in one step no network could have taken yet.
    const bool burst = now - client.slow_since <= options.slow_after;
    if (burst && queued_bytes <= options.limits.queue_bytes_burst) {
      return socketio_server::SlowVerdict::keep;
    }
  }
  meters.closes[static_cast<std::size_t>(CloseReason::slow)]->add();
  services.log.repeated(observability::Level::info, "gateway.slow_socket_closed",
                        {{"queued_bytes", queued_bytes}});
  return socketio_server::SlowVerdict::close;
}

void Gateway::Parts::heard(const EventPtr& event) {
  // First to the room, so that a device that is signed out still learns why.
  rooms.arrived(event);
  revocations.heard(*event);
  chat_lines.note(*event);
}

void Gateway::Parts::heard_ephemeral(const ports::Ephemeral& message) {
  const auto user = message.room.user();
  const auto& allowed = user ? std::span<const std::string_view>(user_ephemerals)
                             : std::span<const std::string_view>(chat_ephemerals);
  if (std::ranges::find(allowed, message.name) == allowed.end()) {
    meters.ephemerals_refused.add();
    return;
  }
  meters.ephemerals.add();
  if (user) return clients.send_to_user(*user, message.name, message.payload);
  const auto room = message.room.to_string();
  if (nsp.room_size(room) == 0) return;
  const auto encoded = nsp.prepare_json(message.name, message.payload);
  if (!encoded) return;
  auto others = nsp.to(room);
  if (message.name == "typing") {
    // People know that they type, on each of their devices.
    const auto who = wire::typing_user(message.payload);
    if (who) others.except(domain::StreamId(*who).to_string());
  }
  others.delivery(Delivery::ephemeral).emit(*encoded);
}

void Gateway::Parts::reconnected() {
  services.log.info("gateway.broker_reconnected");
  revocations.load();
  check_heads();
}

base::Task<void> Gateway::Parts::send_running_answers(ClientPtr client, domain::ChatId chat) {
  try {
    const auto deadline = base::Deadline::after(services.clock.monotonic(), options.store_timeout);
    const auto running = co_await services.answers.of_chat(chat, deadline);
    if (!rooms.live(*client, domain::StreamId(chat))) co_return;
    for (const auto& answer : running) {
      clients.send(*client, "ai-delta", wire::ai_delta(answer), Delivery::ephemeral);
    }
  } catch (const std::exception& fault) {
    if (tasks.stopped()) throw;  // cancelled
    services.log.repeated(observability::fault_level(fault), "gateway.running_answers_unknown",
                          {{"error.message", fault.what()}});
  }
}

void Gateway::Parts::check_heads() {
  check_again = checking_heads;
  if (!checking_heads) checking_heads = tasks.spawn(check_heads_until_done());
}

base::Task<void> Gateway::Parts::check_heads_until_done() {
  const base::LowerAtEnd guard(checking_heads);
  base::Backoff retry(options.retry_min, options.retry_max, services.clock.monotonic());
  bool done = false;
  while (!done) {
    check_again = false;
    bool failed = false;
    try {
      co_await rooms.check_heads();
      done = !check_again;
    } catch (const std::exception& fault) {
      if (tasks.stopped()) throw;  // cancelled
      failed = true;
      meters.store_faults.add();
      services.log.repeated(observability::fault_level(fault), "gateway.heads_unknown",
                            {{"error.message", fault.what()}});
    }
    if (!failed) continue;
    co_await base::pause(retry.next());
  }
}

base::Task<void> Gateway::Parts::tick_for_ever() {
  for (std::uint64_t number = 0;; ++number) {
    co_await base::pause(options.tick);
    try {
      tick(number);
    } catch (const std::exception& fault) {
      // One bad second is no reason to stop looking at tokens and heads.
      services.log.repeated(observability::Level::error, "gateway.tick_failed",
                            {{"error.message", fault.what()}});
    }
  }
}

void Gateway::Parts::tick(std::uint64_t number) {
  const auto all = clients.all();
  close_expired(all);
  revocations.look();
  std::vector<ClientPtr> present, counted;
  std::size_t replays = 0;
  for (const auto& client : all) {
    replays += client->replays.size();
    if (its_turn(client->slot, number, options.heads_every, options.tick)) send_heads(*client);
    if (its_turn(client->slot, number, options.presence_refresh, options.tick)) {
      present.push_back(client);
    }
    if (its_turn(client->slot, number, options.connections_refresh, options.tick)) {
      counted.push_back(client);
    }
  }
  if (!present.empty()) tasks.spawn(presence.refresh(std::move(present)));
  if (!counted.empty()) tasks.spawn(quota.refresh(std::move(counted)));
  const bool alone = !services.bus.connected();
  const auto head_check = alone ? options.head_check_alone : options.head_check_every;
  if (its_turn(0, number, head_check, options.tick)) check_heads();
  shed_load(all);
  door.sweep();
  meters.sockets.set(static_cast<double>(clients.size()));
  meters.users.set(static_cast<double>(clients.users()));
  meters.rooms.set(static_cast<double>(rooms.size()));
  meters.reads_waiting.set(static_cast<double>(reads.waiting()));
  meters.replays_waiting.set(static_cast<double>(replays));
}

void Gateway::Parts::close_expired(const std::vector<ClientPtr>& all) {
  const auto now = services.clock.now();
  for (const auto& client : all) {
    if (now >= client->identity.expires_at + options.token_grace) {
      clients.close(client, CloseReason::token_expired);
    }
  }
}

void Gateway::Parts::send_heads(const Client& client) {
  const auto heads = rooms.heads_of(client);
  if (!heads.empty()) clients.send(client, "heads", wire::heads(heads), Delivery::ephemeral);
}

void Gateway::Parts::shed_load(const std::vector<ClientPtr>& all) {
  std::size_t total = 0;
  std::vector<std::pair<std::size_t, ClientPtr>> waiting;
  for (const auto& client : all) {
    const auto socket = client->socket.lock();
    const auto bytes = socket ? socket->queued_bytes() : 0;
    total += bytes;
    if (bytes > 0) waiting.emplace_back(bytes, client);
  }
  meters.buffered_bytes.set(static_cast<double>(total));
  if (total <= options.limits.buffered_bytes) return;
  std::ranges::sort(waiting, std::ranges::greater(), &std::pair<std::size_t, ClientPtr>::first);
  for (const auto& [bytes, client] : waiting) {
    if (total <= options.limits.buffered_bytes) return;
    clients.close(client, CloseReason::overloaded);
    total -= bytes;
  }
}

}  // namespace rubricon::gateway
