#include <rubricon/gateway/admin_namespace.hpp>

#include <rubricon/base/pause.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/observability/fault_level.hpp>
#include <rubricon/observability/task_errors.hpp>
#include <rubricon/socketio/base64.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace rubricon::gateway {
namespace {

namespace json = boost::json;
using socketio_server::Admission;
using socketio_server::SocketPtr;

constexpr std::size_t token_bytes_max = 4'096;
constexpr std::size_t field_bytes_max = 512;

std::string text_in(const json::value& auth, std::string_view name, std::size_t bytes_max) {
  const auto* object = auth.if_object();
  const auto* value = object ? object->if_contains(name) : nullptr;
  const auto* text = value ? value->if_string() : nullptr;
  return text && text->size() <= bytes_max ? std::string(*text) : std::string();
}

/// The text by which the UI knows that it must ask for a name and a password.
void refuse(const Admission& admission) {
  admission.refuse({"invalid credentials", nullptr});
}

/// One line of `aggregatedEvents`: what the UI draws.
void add_count(json::array& out, std::int64_t second, std::string_view type,
               std::string_view sub_type, std::uint64_t count) {
  if (count == 0) return;
  json::object line;
  line["timestamp"] = second;
  line["type"] = type;
  if (!sub_type.empty()) line["subType"] = sub_type;
  line["count"] = count;
  out.push_back(std::move(line));
}

}  // namespace

AdminNamespace::AdminNamespace(boost::asio::any_io_executor executor,
                               socketio_server::Server& server, const AdminServices& services,
                               AdminOptions options)
    : server_(server),
      nsp_(server.of("/admin")),
      services_(services),
      options_(std::move(options)),
      tasks_(std::move(executor),
             observability::log_task_errors(services.log, "gateway.admin_task_failed")),
      began_(services.clock.monotonic()) {
  std::array<std::uint8_t, 9> random{};
  services_.random.fill(random);
  server_id_ = socketio::encode_base64url(random);
  nsp_.use([this](const Admission& admission) { admit(admission); });
  nsp_.on_connection([this](const SocketPtr& socket) { connected(socket); });
  nsp_.set_gate([](const SocketPtr&, std::string_view, std::size_t) {
    return socketio_server::Verdict::drop;
  });
}

void AdminNamespace::start() {
  events_ = services_.bus.subscribe(
      [this](const std::shared_ptr<const domain::Event>& event) { heard(*event); },
      [this] { reconnected(); });
  tasks_.spawn(tick_for_ever());
}

base::Task<void> AdminNamespace::stop() {
  events_.reset();
  co_await tasks_.stop();
}

void AdminNamespace::admit(const Admission& admission) {
  if (nsp_.socket_count() >= options_.sockets_max) return refuse(admission);
  const auto& auth = admission.auth();
  auto right = by_token(text_in(auth, "token", token_bytes_max));
  if (!right) right = by_session(text_in(auth, "sessionId", field_bytes_max));
  if (right) return admission.accept(std::any(*right));
  ports::PasswordAttempt attempt{.email = text_in(auth, "username", field_bytes_max),
                                 .password = text_in(auth, "password", field_bytes_max),
                                 .address = admission.handshake().remote_address};
  if (attempt.email.empty() || attempt.password.empty()) return refuse(admission);
  if (sign_ins_ >= options_.sign_ins_max) return refuse(admission);
  if (tasks_.spawn(by_password(admission, std::move(attempt)))) ++sign_ins_;
}

std::optional<AdminNamespace::Right> AdminNamespace::by_token(const std::string& token) const {
  if (token.empty()) return std::nullopt;
  const auto identity = services_.tokens.verify(token);
  if (!identity || identity->role != domain::UserRole::admin) return std::nullopt;
  Right right{.by = By::token,
              .until = identity->expires_at,
              .session = identity->session,
              .new_session_id = {}};
  return may_stay(right) ? std::optional(right) : std::nullopt;
}

std::optional<AdminNamespace::Right> AdminNamespace::by_session(const std::string& id) const {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return std::nullopt;
  Right right{.by = By::password,
              .until = found->second.until,
              .session = found->second.session,
              .new_session_id = {}};
  return may_stay(right) ? std::optional(right) : std::nullopt;
}

base::Task<void> AdminNamespace::by_password(Admission admission, ports::PasswordAttempt attempt) {
  const auto deadline =
      base::Deadline::after(services_.clock.monotonic(), options_.sign_in_timeout);
  // The hash of no token: what cannot be known cannot be refreshed.
  ports::SessionTerms terms{.expires_at = services_.clock.now() + options_.session_lifetime,
                            .only = domain::UserRole::admin};
  services_.random.fill(terms.token);
  std::optional<Right> right;
  try {
    const auto opened = co_await services_.passwords.sign_in(std::move(attempt), terms, deadline);
    if (opened && admission.cancelled()) {
      (void)co_await services_.sessions.revoke(opened->user.id, opened->session, deadline);
    } else if (opened) {
      right = keep(opened->session, terms.expires_at);
      services_.log.info("gateway.admin_signed_in", {{"user_id", opened->user.id.to_string()}});
    }
  } catch (const std::exception& fault) {
    services_.log.repeated(observability::fault_level(fault), "gateway.admin_sign_in_unknown",
                           {{"error.message", fault.what()}});
  }
  --sign_ins_;
  if (!right) {
    refuse(admission);
  } else if (!admission.cancelled()) {
    admission.accept(std::any(*right));
  }
}

AdminNamespace::Right AdminNamespace::keep(domain::SessionId session, base::Time until) {
  const auto now = services_.clock.now();
  std::erase_if(sessions_, [now](const auto& known) { return known.second.until <= now; });
  if (sessions_.size() >= options_.sessions_max) {
    sessions_.erase(std::ranges::min_element(sessions_, {},
                                             [](const auto& known) { return known.second.until; }));
  }
  std::array<std::uint8_t, 24> random{};
  services_.random.fill(random);
  auto secret = socketio::encode_base64url(random);
  sessions_.emplace(secret, SignIn{until, session});
  return {
      .by = By::password, .until = until, .session = session, .new_session_id = std::move(secret)};
}

void AdminNamespace::heard(const domain::Event& event) {
  const auto session = domain::revoked_session(event);
  if (!session) return;
  std::erase_if(sessions_, [&](const auto& known) { return known.second.session == *session; });
  nsp_.all().for_each([&](socketio_server::Socket& socket) {
    const auto* right = socket.data<Right>();
    if (right && right->session == *session) socket.disconnect(socketio_server::Close::socket);
  });
}

void AdminNamespace::reconnected() {
  sessions_.clear();
  nsp_.all().for_each([](socketio_server::Socket& socket) {
    const auto* right = socket.data<Right>();
    if (right && right->by == By::password) socket.disconnect(socketio_server::Close::socket);
  });
}

void AdminNamespace::connected(const SocketPtr& socket) {
  auto* right = socket->data<Right>();
  if (right == nullptr || !may_stay(*right)) {
    return socket->disconnect(socketio_server::Close::socket);
  }
  // Passwords and tokens are not kept. Other namespaces of the connection were told before.
  socket->discard_handshake();
  if (!right->new_session_id.empty()) {
    socket->emit("session", {json::string(std::exchange(right->new_session_id, {}))});
  }
  json::object config;
  config["supportedFeatures"] = json::array{"AGGREGATED_EVENTS"};
  socket->emit("config", {std::move(config)});
  socket->emit("server_stats", {stats()});
}

base::Task<void> AdminNamespace::tick_for_ever() {
  for (;;) {
    co_await base::pause(options_.stats_every);
    tick();
  }
}

void AdminNamespace::tick() {
  nsp_.all().for_each([this](socketio_server::Socket& socket) {
    const auto* right = socket.data<Right>();
    if (right == nullptr || !may_stay(*right)) socket.disconnect(socketio_server::Close::socket);
  });
  const auto& now = server_.counters();
  const auto second = base::unix_ms(services_.clock.now()) / 1'000 * 1'000;
  aggregated_.clear();
  add_count(aggregated_, second, "rawConnection", {},
            now.connections_total - counted_.connections_total);
  for (std::size_t i = 0; i < now.closes_total.size(); ++i) {
    add_count(aggregated_, second, "rawDisconnection",
              socketio::to_string(static_cast<socketio::Reason>(i)),
              now.closes_total[i] - counted_.closes_total[i]);
  }
  add_count(aggregated_, second, "packetsIn", {}, now.packets_in_total - counted_.packets_in_total);
  add_count(aggregated_, second, "packetsOut", {},
            now.packets_out_total - counted_.packets_out_total);
  add_count(aggregated_, second, "bytesIn", {}, now.bytes_in_total - counted_.bytes_in_total);
  add_count(aggregated_, second, "bytesOut", {}, now.bytes_out_total - counted_.bytes_out_total);
  counted_ = now;
  if (nsp_.socket_count() == 0) return;
  // Whoever does not read misses some: the next ones say it again.
  nsp_.all().delivery(socketio_server::Delivery::ephemeral).emit("server_stats", {stats()});
}

bool AdminNamespace::may_stay(const Right& right) const {
  return services_.clock.now() < right.until && !services_.revocations.revoked(right.session);
}

json::object AdminNamespace::stats() {
  const auto& now = server_.counters();
  json::array namespaces;
  for (const auto* name : {"/", "/admin"}) {
    json::object line;
    line["name"] = name;
    line["socketsCount"] = server_.of(name).socket_count();
    namespaces.push_back(std::move(line));
  }
  json::object stats;
  stats["serverId"] = server_id_;
  stats["hostname"] = options_.hostname;
  stats["pid"] = options_.pid;
  stats["uptime"] = std::chrono::duration<double>(services_.clock.monotonic() - began_).count();
  stats["clientsCount"] = now.polling_now + now.websocket_now;
  stats["pollingClientsCount"] = now.polling_now;
  stats["aggregatedEvents"] = aggregated_;
  stats["namespaces"] = std::move(namespaces);
  return stats;
}

}  // namespace rubricon::gateway
