#include <rubricon/socketio_server/connection.hpp>

#include <rubricon/socketio/packet_encoder.hpp>
#include <rubricon/socketio_server/admission.hpp>
#include <rubricon/socketio_server/server_state.hpp>
#include <rubricon/socketio_server/socket_parts.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::socketio_server {
namespace {

constexpr std::size_t offset_bytes_max = 1'024;

bool is_pid(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.size() >= 20 && text.size() <= 64 &&
         text.find_first_not_of(alphabet) == std::string_view::npos;
}

/// What the client says of itself, as far as it has the form for it.
SessionStore::Claim claim_of(const AdmissionProgress& progress) {
  SessionStore::Claim claim;
  const auto& auth = progress.auth.get_object();
  const auto* pid = auth.if_contains("pid");
  const auto* offset = auth.if_contains("offset");
  if (pid != nullptr && pid->is_string() && is_pid(pid->get_string())) {
    claim.pid = std::string_view(pid->get_string());
  }
  if (offset != nullptr && offset->is_string() && offset->get_string().size() <= offset_bytes_max) {
    claim.offset = std::string_view(offset->get_string());
  }
  claim.data = progress.data;
  return claim;
}

}  // namespace

/// What the session store is asked about one client; unanswered it means no.
struct Connection::StoreQuestion {
  explicit StoreQuestion(std::shared_ptr<AdmissionProgress> progress_)
      : progress(std::move(progress_)) {}
  ~StoreQuestion() { answer(Recovered::no); }
  StoreQuestion(const StoreQuestion&) = delete;
  StoreQuestion& operator=(const StoreQuestion&) = delete;

  void answer(Recovered recovered) {
    const auto asked = std::exchange(progress, nullptr);
    // Null also when the client has gone meanwhile.
    if (!asked || asked->connection == nullptr) return;
    asked->recovered = recovered;
    asked->connection->let_in(*asked);
  }

  std::shared_ptr<AdmissionProgress> progress;
};

Connection::Connection(ServerState& server, EngineSocket& engine,
                       std::shared_ptr<const Handshake> handshake)
    : server_(&server),
      engine_(&engine),
      handshake_(std::move(handshake)),
      mux_(server.limits, server.engine.now()) {}

Connection::~Connection() {
  for (const auto& stay : stays_) {
    if (stay.socket) stay.socket->connection_ = nullptr;
    if (stay.progress) stay.progress->connection = nullptr;
  }
}

template <typename Input>
void Connection::step(Input input) {
  const auto self = shared_from_this();
  if (loop_.run(input, [this](auto& action) { perform(action); })) deadline_changed();
}

void Connection::perform(socketio::ProtocolAction& action) {
  if (auto* delivery = std::get_if<socketio::DeliverPacket>(&action)) {
    deliver(*delivery);
  } else if (auto* asked = std::get_if<socketio::AskAdmission>(&action)) {
    ask(*asked);
  } else if (auto* cancelled = std::get_if<socketio::CancelAdmission>(&action)) {
    cancel(cancelled->slot);
  } else if (auto* sent = std::get_if<socketio::SendPacket>(&action)) {
    send_packet(sent->packet);
  } else if (auto* joined = std::get_if<socketio::Joined>(&action)) {
    join(joined->slot);
  } else if (auto* left = std::get_if<socketio::Left>(&action)) {
    leave(*left);
  } else if (engine_ != nullptr) {
    engine_->close(std::get<socketio::EndTransport>(action).reason);
  }
}

void Connection::on_text(std::string_view text) {
  step([&](auto& out) { mux_.text(text, server_->engine.now(), out); });
}

void Connection::on_binary(std::string bytes) {
  step([&](auto& out) { mux_.binary(std::move(bytes), server_->engine.now(), out); });
}

void Connection::on_closed(Reason reason) {
  engine_ = nullptr;
  step([&](auto& out) { mux_.transport_closed(reason, out); });
}

base::Instant Connection::deadline() const {
  auto at = mux_.deadline();
  for (const auto& stay : stays_) {
    if (!stay.socket || !stay.socket->handlers_) continue;
    at = std::min(at, stay.socket->handlers_->acks.deadline());
  }
  return at;
}

void Connection::on_time(base::Instant now) {
  std::vector<AckHandler> expired;
  for (const auto& stay : stays_) {
    if (!stay.socket || !stay.socket->handlers_) continue;
    for (auto& handler : stay.socket->handlers_->acks.expire(now)) {
      expired.push_back(std::move(handler));
    }
  }
  for (const auto& handler : expired) handler(std::unexpected(AckFailure::timed_out));
  step([&](auto& out) { mux_.on_time(now, out); });
}

void Connection::deadline_changed() {
  if (engine_ != nullptr && !loop_.running()) engine_->reschedule();
}

bool Connection::keep_slow(std::size_t queued_bytes) {
  if (!server_->slow_policy) return false;
  for (const auto& stay : stays_) {
    if (!stay.socket) continue;
    return server_->slow_policy(*stay.socket, queued_bytes) == SlowVerdict::keep;
  }
  return false;
}

EmitStatus Connection::send(const EncodedEvent& event, Delivery delivery) {
  return engine_ == nullptr ? EmitStatus::closed : engine_->send(event.packets(), delivery);
}

void Connection::send_packet(const socketio::OutboundPacket& packet) {
  if (engine_ != nullptr) engine_->send(std::span(&packet, 1), Delivery::reliable);
}

void Connection::disconnect(Socket& socket, Close close) {
  switch (close) {
    case Close::socket:
      step([&](auto& out) { mux_.leave(socket.stay_, server_->engine.now(), out); });
      return;
    case Close::transport: step([&](auto& out) { mux_.leave_all(out); }); return;
    case Close::silent:
      if (engine_ != nullptr) engine_->close(Reason::forced_close);
      return;
  }
}

void Connection::discard_handshake() {
  Handshake rest;
  rest.remote_address = handshake_->remote_address;
  rest.secure = handshake_->secure;
  handshake_ = std::make_shared<const Handshake>(std::move(rest));
  for (const auto& stay : stays_) {
    if (stay.socket) stay.socket->handshake_ = handshake_;
  }
}

Connection::Stay* Connection::find(socketio::Slot slot) {
  const auto found = std::ranges::find(stays_, slot, &Stay::slot);
  return found == stays_.end() ? nullptr : &*found;
}

void Connection::ask(socketio::AskAdmission& ask) {
  auto* nsp = server_->find(ask.nsp);
  if (nsp == nullptr) {
    ++server_->engine.mutable_counters().admissions_refused_total;
    step([&](auto& out) { mux_.refuse(ask.slot, "Invalid namespace", nullptr, out); });
    return;
  }
  auto progress = std::make_shared<AdmissionProgress>(this, ask.slot, nsp, handshake_,
                                                      std::move(ask.auth), std::any());
  stays_.push_back({ask.slot, progress, nullptr});
  proceed(progress);
}

void Connection::proceed(const std::shared_ptr<AdmissionProgress>& progress) {
  const auto& middlewares = progress->nsp->middlewares;
  if (progress->stage < middlewares.size()) {
    const auto middleware = middlewares[progress->stage];
    (*middleware)(make_admission(progress));
    return;
  }
  if (!ask_session_store(progress)) let_in(*progress);
}

void Connection::let_in(AdmissionProgress& progress) {
  progress.connection = nullptr;
  step([&](auto& out) { mux_.accept(progress.slot, out); });
}

bool Connection::ask_session_store(const std::shared_ptr<AdmissionProgress>& progress) {
  auto* store = progress->nsp->session_store;
  if (store == nullptr) return false;
  auto claim = claim_of(*progress);
  if (claim.pid.empty() || claim.offset.empty()) return false;
  progress->pid = claim.pid;
  const auto question = std::make_shared<StoreQuestion>(progress);
  store->claim(std::move(claim), [question](Recovered recovered) { question->answer(recovered); });
  return true;
}

void Connection::refuse(AdmissionProgress& progress, const ConnectError& error) {
  progress.connection = nullptr;
  ++server_->engine.mutable_counters().admissions_refused_total;
  const auto slot = progress.slot;
  std::erase_if(stays_, [slot](const Stay& stay) { return stay.slot == slot; });
  step([&](auto& out) { mux_.refuse(slot, error.message, error.data, out); });
}

void Connection::cancel(socketio::Slot slot) {
  auto* stay = find(slot);
  if (stay == nullptr) return;
  stay->progress->connection = nullptr;
  // The middleware may hold the admission for as long as it likes, but not the client's secrets.
  stay->progress->auth = nullptr;
  std::erase_if(stays_, [slot](const Stay& s) { return s.slot == slot; });
}

std::optional<socketio::RecoveryLog::Restored> Connection::restore(AdmissionProgress& progress) {
  auto& log = progress.nsp->recovery;
  const auto& auth = progress.auth.get_object();
  const auto* pid = auth.if_contains("pid");
  const auto* offset = auth.if_contains("offset");
  if (!log || pid == nullptr || offset == nullptr) return std::nullopt;
  if (!pid->is_string() || !offset->is_string()) return std::nullopt;
  return log->restore(pid->get_string(), offset->get_string(), server_->engine.now());
}

/// Who a client is from now on, and what it is given back.
struct Connection::Entrance {
  std::string sid;
  std::string pid;  ///< empty where nothing is recovered
  std::any data;
  bool recovered = false;
  std::vector<std::string> rooms;
  std::vector<EncodedEvent> missed;
};

Connection::Entrance Connection::enter(AdmissionProgress& progress) {
  Entrance entrance;
  if (progress.nsp->session_store != nullptr) {
    enter_session(progress, entrance);
    entrance.data = std::move(progress.data);
    return entrance;
  }
  entrance.data = std::move(progress.data);
  auto restored = restore(progress);
  if (restored) {
    auto& session = restored->session;
    if (!entrance.data.has_value()) entrance.data = std::move(session.data);
    entrance.sid = std::move(session.sid);
    entrance.pid = std::move(session.pid);
    entrance.recovered = true;
    entrance.rooms = std::move(session.rooms);
    entrance.missed = std::move(restored->missed);
    return entrance;
  }
  entrance.sid = server_->engine.new_id();
  if (progress.nsp->recovery) entrance.pid = server_->engine.new_id();
  return entrance;
}

void Connection::enter_session(AdmissionProgress& progress, Entrance& entrance) {
  auto& nsp = *progress.nsp;
  if (progress.recovered == Recovered::yes) {
    entrance.pid = progress.pid;
    entrance.sid = socket_id_of(entrance.pid);
    // A connection that the client has given up and we have not: it is where its secret is.
    if (const auto old = nsp.find(entrance.sid)) old->disconnect(Close::silent);
    entrance.recovered = nsp.find(entrance.sid) == nullptr;
  }
  if (entrance.recovered) return;
  entrance.pid = nsp.session_store->new_pid(claim_of(progress));
  entrance.sid = socket_id_of(entrance.pid);
}

/// Everything that a client is entitled to hear first goes out here, in this order: what it missed,
/// the answer to its CONNECT, and then whatever the application says.
void Connection::join(socketio::Slot slot) {
  auto* stay = find(slot);
  if (stay == nullptr || engine_ == nullptr) return;
  const auto progress = std::exchange(stay->progress, nullptr);
  auto& nsp = *progress->nsp;
  auto entrance = enter(*progress);
  const auto socket =
      std::make_shared<Socket>(Socket::Origin{&nsp, this, slot, std::move(entrance.sid), handshake_,
                                              std::move(progress->auth), std::move(entrance.data)});
  stay->socket = socket;
  nsp.add(socket);
  ++server_->engine.mutable_counters().sockets_now;
  if (nsp.recovery) nsp.pids[socket->member_] = entrance.pid;
  socket->recovered_ = entrance.recovered;
  for (const auto& room : entrance.rooms) nsp.join(*socket, room);
  for (const auto& event : entrance.missed) send(event, Delivery::reliable);
  send_packet(socketio::encode_connect(nsp.name, socket->id(), entrance.pid));
  const auto pause = server_->options.connect_pause;
  if (pause.count() > 0 && engine_ != nullptr) engine_->hold(pause);
  if (const auto handler = nsp.on_connection) (*handler)(socket);
}

void Connection::deliver(socketio::DeliverPacket& delivery) {
  const auto* stay = find(delivery.slot);
  const auto socket = stay == nullptr ? nullptr : stay->socket;
  if (!socket || !socket->connected()) return;
  if (delivery.packet.type == socketio::PacketType::event) {
    deliver_event(socket, delivery.packet);
    return;
  }
  if (!socket->handlers_ || !delivery.packet.id) return;
  const auto handler = socket->handlers_->acks.take(*delivery.packet.id);
  if (handler) (*handler)(std::move(delivery.packet.args));
}

void Connection::deliver_event(const SocketPtr& socket, socketio::Packet& packet) {
  auto& nsp = *socket->nsp_;
  if (const auto gate = nsp.gate) {
    const auto verdict = (*gate)(socket, packet.event, packet.bytes);
    if (verdict == Verdict::disconnect && engine_ != nullptr) engine_->close(Reason::rate_limit);
    if (verdict != Verdict::deliver) return;
  }
  Event event{packet.event, std::move(packet.args), packet.id ? Ack(socket, *packet.id) : Ack()};
  if (const auto found = nsp.events.find(packet.event); found != nsp.events.end()) {
    const auto handler = found->second;
    (*handler)(socket, event);
  } else if (const auto own = socket->handler_of(packet.event)) {
    (*own)(event);
  } else if (const auto any = nsp.on_any) {
    (*any)(socket, event);
  }
}

void Connection::leave(const socketio::Left& left) {
  auto* stay = find(left.slot);
  if (stay == nullptr) return;
  const auto socket = stay->socket;
  std::erase_if(stays_, [&](const Stay& s) { return s.slot == left.slot; });
  // Without a socket the client went before its admission had been performed.
  if (!socket) return;
  socket->connection_ = nullptr;
  --server_->engine.mutable_counters().sockets_now;
  auto& nsp = *socket->nsp_;
  save(*socket, left.reason);
  if (const auto handler = nsp.on_disconnect) (*handler)(socket, left.reason);
  socket->finish(left.reason);
  nsp.remove(*socket);
}

void Connection::save(Socket& socket, Reason reason) {
  auto& nsp = *socket.nsp_;
  if (!nsp.recovery || reason == Reason::client_namespace_disconnect ||
      reason == Reason::server_namespace_disconnect || reason == Reason::rate_limit) {
    return;
  }
  nsp.recovery->save({nsp.pids[socket.member_], socket.id(), socket.rooms(), socket.data_},
                     server_->engine.now());
}

}  // namespace rubricon::socketio_server
