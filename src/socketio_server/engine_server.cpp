#include <rubricon/socketio_server/engine_server.hpp>

#include <rubricon/base/timer.hpp>
#include <rubricon/net/utf8.hpp>
#include <rubricon/socketio/session_id.hpp>
#include <rubricon/socketio_server/engine_responses.hpp>
#include <rubricon/socketio_server/engine_state.hpp>

#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace rubricon::socketio_server {
namespace {

using socketio::EngineTransport;
using socketio::Handshake;
using socketio::Reason;
using socketio::Refusal;

/// A WebSocket that turned out to be unwanted after its 101: heard out until it has closed.
class Deaf final : public net::WebSocketListener {
 public:
  void on_text(std::string_view /*payload*/) override {}
  void on_binary(std::string_view /*payload*/) override {}
  void on_closed(net::WebSocketClosed /*how*/) override {}
};

void turn_away(net::WebSocketConnection& websocket) {
  websocket.start(std::make_shared<Deaf>());
  websocket.close();
}

bool is_octet_stream(const net::HttpHead& head) {
  const auto type = head.header("Content-Type").value_or("");
  constexpr std::string_view octets = "application/octet-stream";
  return net::equals_ignoring_case(type.substr(0, octets.size()), octets);
}

/// Official servers take the first protocol a client offers.
std::string first_protocol(const net::HttpHead& head) {
  const auto offered = head.header("Sec-WebSocket-Protocol").value_or("");
  auto first = offered.substr(0, offered.find(','));
  while (first.ends_with(' ')) first.remove_suffix(1);
  return std::string(first);
}

net::HttpResponse body_error_response(net::BodyError error) {
  switch (error) {
    case net::BodyError::too_large: return empty_response(413);
    case net::BodyError::too_slow: return empty_response(408);
    case net::BodyError::malformed:
    case net::BodyError::disconnected: break;
  }
  return empty_response(400);
}

base::Task<void> sleep(boost::asio::any_io_executor executor, std::chrono::milliseconds time) {
  base::Timer timer(executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace

EngineServer::EngineServer(boost::asio::any_io_executor executor, Environment environment,
                           EngineOptions options, EngineAcceptor acceptor)
    : executor_(executor),
      state_(std::make_shared<EngineState>(executor, std::move(environment), std::move(options))),
      acceptor_(std::move(acceptor)) {}

EngineServer::~EngineServer() {
  stop();
  // Sessions keep the state, and the state the sessions: cut the circle.
  for (const auto& [sid, socket] : std::exchange(state_->sessions, {})) socket->abandon();
}

void EngineServer::stop() {
  state_->stop();
}
const Counters& EngineServer::counters() const {
  return state_->counters;
}
Counters& EngineServer::mutable_counters() {
  return state_->counters;
}
base::Instant EngineServer::now() const {
  return state_->environment.now();
}

std::string EngineServer::new_id() const {
  socketio::IdBytes bytes{};
  state_->environment.random(bytes);
  return socketio::make_id(bytes);
}

std::shared_ptr<EngineSocket> EngineServer::make_session(const std::string& address,
                                                         EngineTransport transport,
                                                         bool base64_only) {
  const auto sid = state_->new_sid();
  auto socket = std::make_shared<EngineSocket>(state_, sid, address, transport, base64_only);
  state_->add(sid, socket);
  return socket;
}

std::shared_ptr<EngineSocket> EngineServer::find(const socketio::Query& query) const {
  const auto sid = socketio::requested_sid(query);
  if (const auto socket = state_->find(sid)) socket->catch_up();
  return state_->find(sid);
}

base::Task<net::HttpResponse> EngineServer::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& head = exchange->head();
  const auto& options = state_->options;
  if (head.method == "OPTIONS") {
    if (auto preflight = preflight_response(options.origins, head)) co_return *preflight;
  }
  const auto query = socketio::Query::parse(head.query);
  const auto socket = find(query);
  socketio::RequestFacts facts{.method = head.method,
                               .upgrade = false,
                               .origin = head.header("Origin").value_or(""),
                               .session = std::nullopt};
  if (socket) facts.session = socket->transport();
  const auto check = check_request(query, facts, {options.polling, options.websocket});
  net::HttpResponse answer;
  if (check.refusal || !socketio::allows_polling(options.origins, facts.origin)) {
    ++state_->counters.handshakes_refused_total;
    answer = refusal_response(check.refusal.value_or(Refusal::forbidden));
  } else if (!socket) {
    answer = co_await open_polling(exchange, check.request.base64_only);
  } else if (head.method == "GET") {
    answer = co_await poll(socket, exchange);
  } else if (head.method == "POST") {
    answer = co_await post(socket, exchange);
  } else {
    answer = empty_response(405);
    answer.headers.add("Allow", "GET, POST");
  }
  add_cors(answer.headers, options.origins, exchange->head());
  co_return answer;
}

base::Task<net::HttpResponse> EngineServer::open_polling(
    std::shared_ptr<net::HttpExchange> exchange, bool base64_only) {
  auto handshake = std::make_shared<const Handshake>(make_handshake(exchange->head()));
  if (const auto why = why_not(*handshake)) {
    ++state_->counters.handshakes_refused_total;
    const bool elsewhere = why->kind == SessionRefusal::Kind::elsewhere;
    co_return forbidden_response(elsewhere ? 503 : 403, why->why);
  }
  if (!state_->admits(handshake->remote_address)) co_return empty_response(503);
  const auto socket =
      make_session(handshake->remote_address, EngineTransport::polling, base64_only);
  socket->start(nullptr);
  net::Deferred<std::string> answer;
  socket->poll(answer);
  accept(socket, std::move(handshake));
  co_return payload_response(co_await answer.get());
}

std::optional<SessionRefusal> EngineServer::why_not(const Handshake& handshake) {
  if (!state_->options.allow_request) return std::nullopt;
  auto why = state_->options.allow_request(handshake);
  if (why && why->why.empty()) why->why = socketio::refusal_message(Refusal::forbidden);
  return why;
}

base::Task<net::HttpResponse> EngineServer::poll(std::shared_ptr<EngineSocket> socket,
                                                 std::shared_ptr<net::HttpExchange> exchange) {
  net::Deferred<std::string> answer;
  if (!socket->poll(answer)) co_return empty_response(400);
  if (!answer.is_set()) {
    exchange->on_disconnect([weak = std::weak_ptr(socket), number = socket->poll_number()] {
      if (const auto live = weak.lock()) live->poll_lost(number);
    });
  }
  co_return payload_response(co_await answer.get());
}

base::Task<net::HttpResponse> EngineServer::post(std::shared_ptr<EngineSocket> socket,
                                                 std::shared_ptr<net::HttpExchange> exchange) {
  if (!socket->post_begin(exchange)) co_return empty_response(400);
  if (is_octet_stream(exchange->head())) {
    socket->post_failed(Reason::transport_error);
    co_return empty_response(400);
  }
  const auto body = co_await exchange->read_body(state_->options.max_payload);
  if (body && net::is_valid_utf8(*body)) {
    socket->post_end(*body);
    co_return ok_response();
  }
  if (body) {
    socket->post_failed(Reason::parse_error);
    co_return empty_response(400);
  }
  if (body.error() == net::BodyError::too_large) {
    socket->post_too_large();
  } else {
    socket->post_failed(Reason::transport_error);
  }
  co_return body_error_response(body.error());
}

base::Task<net::UpgradeAnswer> EngineServer::upgrade(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& head = exchange->head();
  const auto& options = state_->options;
  const auto query = socketio::Query::parse(head.query);
  const auto socket = find(query);
  const auto origin = head.header("Origin").value_or("");
  socketio::RequestFacts facts{
      .method = head.method, .upgrade = true, .origin = origin, .session = std::nullopt};
  if (socket) facts.session = socket->transport();
  const auto check = check_request(query, facts, {options.polling, options.websocket});
  const auto host = head.header("Host").value_or("");
  std::optional<net::HttpResponse> refusal;
  if (check.refusal) {
    refusal = upgrade_refusal(400, *check.refusal);
  } else if (!socketio::allows_websocket(options.origins, origin, host)) {
    refusal = upgrade_refusal(403, Refusal::forbidden);
  } else if (socket && !options.upgrades) {
    refusal = upgrade_refusal(400, Refusal::bad_request);
  } else if (!socket && !state_->admits(head.remote_address)) {
    refusal = upgrade_refusal(503, Refusal::forbidden);
  } else if (!socket) {
    // As official servers do: 400 here, 403 by polling.
    if (const auto why = why_not(make_handshake(head))) {
      const bool elsewhere = why->kind == SessionRefusal::Kind::elsewhere;
      refusal = upgrade_refusal(elsewhere ? 503 : 400, why->why);
    }
  }
  if (refusal) {
    ++state_->counters.handshakes_refused_total;
    add_cors(refusal->headers, options.origins, head);
    co_return net::UpgradeAnswer(std::move(*refusal));
  }
  net::WebSocketAccept accept;
  accept.options.limits.message_bytes_max = options.max_payload;
  // The limit that counts is ours, in `EngineSocket::send`; this one is a second wall behind it.
  accept.options.send_queue_bytes_max = 4 * options.queue_bytes_max;
  add_cors(accept.headers, options.origins, head);
  if (auto protocol = first_protocol(head); !protocol.empty()) {
    accept.headers.add("Sec-WebSocket-Protocol", std::move(protocol));
  }
  if (socket) {
    // A session that is upgrading or has upgraded takes no other WebSocket. As official servers do,
    // it is opened and then closed: to some clients a refusal is an error that nobody handles.
    accept.opened = [weak = std::weak_ptr(socket)](std::shared_ptr<net::WebSocketConnection> ws) {
      const auto live = weak.lock();
      if (live && live->can_attach()) return live->attach(std::move(ws));
      turn_away(*ws);
    };
  } else {
    accept.opened = [this, handshake = std::make_shared<const Handshake>(make_handshake(head)),
                     b64 =
                         check.request.base64_only](std::shared_ptr<net::WebSocketConnection> ws) {
      opened(std::move(ws), handshake, b64);
    };
  }
  co_return net::UpgradeAnswer(std::move(accept));
}

void EngineServer::opened(std::shared_ptr<net::WebSocketConnection> websocket,
                          std::shared_ptr<const Handshake> handshake, bool base64_only) {
  if (!state_->admits(handshake->remote_address)) return turn_away(*websocket);
  const auto socket =
      make_session(handshake->remote_address, EngineTransport::websocket, base64_only);
  socket->start(std::move(websocket));
  accept(socket, std::move(handshake));
}

void EngineServer::accept(const std::shared_ptr<EngineSocket>& socket,
                          std::shared_ptr<const Handshake> handshake) {
  auto listener = acceptor_(socket, std::move(handshake));
  if (!listener) return socket->close(Reason::forced_close);
  socket->set_listener(std::move(listener));
}

base::Task<void> EngineServer::close_all(CloseAll how) {
  state_->closing = true;
  std::vector<std::weak_ptr<EngineSocket>> sockets;
  for (const auto& [sid, socket] : state_->sessions) sockets.push_back(socket);
  constexpr std::chrono::milliseconds pace{20};
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(how.over / pace, 1));
  const auto batch = (sockets.size() + steps - 1) / steps;
  for (std::size_t i = 0; i < sockets.size(); ++i) {
    if (i > 0 && i % batch == 0 && how.over.count() > 0) co_await sleep(executor_, pace);
    if (const auto socket = sockets[i].lock()) socket->close(how.reason);
  }
  for (auto waited = pace; !state_->sessions.empty() && waited <= how.grace; waited += pace) {
    co_await sleep(executor_, pace);
  }
  std::vector<std::shared_ptr<EngineSocket>> left;
  for (const auto& [sid, socket] : state_->sessions) left.push_back(socket);
  for (const auto& socket : left) {
    socket->close(how.reason);
    socket->drop();
  }
  stop();
}

}  // namespace rubricon::socketio_server
