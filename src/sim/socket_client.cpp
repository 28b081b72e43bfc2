#include <rubricon/sim/socket_client.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr auto ack_timeout = 10s;

}  // namespace

SocketClient::SocketClient(Loop& loop, Network& network, const Link& link, SocketHooks hooks)
    : loop_(loop),
      network_(network),
      link_(link),
      hooks_(std::move(hooks)),
      heartbeat_(loop.executor()) {}

void SocketClient::connect(std::string token) {
  drop();
  token_ = std::move(token);
  attempt_ = std::make_shared<int>();
  network_.dial(&link_, [this, mine = std::weak_ptr(attempt_)](std::shared_ptr<Wire> wire) {
    if (mine.lock()) return opened(std::move(wire));
    if (wire) wire->client_close();
  });
}

void SocketClient::opened(std::shared_ptr<Wire> wire) {
  if (!wire) return lost();
  wire_ = std::move(wire);
  wire_->on_client_text = [this](std::string_view text) { received(text); };
  wire_->on_client_closed = [this] { lost(); };
  expect_ping(patience_);
}

void SocketClient::received(std::string_view text) {
  expect_ping(patience_);
  if (text.starts_with('0')) {
    const auto open = json::parse(text.substr(1)).as_object();
    patience_ =
        base::Milliseconds(open.at("pingInterval").as_int64() + open.at("pingTimeout").as_int64());
    wire_->client_send("40" + json::serialize(json::object{{"token", token_}}));
  } else if (text == "2") {
    wire_->client_send("3");
  } else if (text.starts_with('4')) {
    packet(text.substr(1));
  } else if (text.starts_with('1')) {
    lost();
  }
}

void SocketClient::packet(std::string_view text) {
  switch (text.front()) {
    case '0': connected_ = true; return hooks_.connected();
    case '1': return lost();
    case '2': {
      const auto event = json::parse(text.substr(1)).as_array();
      const auto& name = event.at(0).as_string();
      const auto* payload = event.size() > 1 ? event.at(1).if_object() : nullptr;
      if (payload != nullptr) hooks_.event({name.data(), name.size()}, *payload);
      return;
    }
    case '3': {
      const auto bracket = text.find('[');
      const auto id = std::stoull(std::string(text.substr(1, bracket - 1)));
      const auto waiting = acks_.extract(id);
      if (waiting.empty()) return;
      auto ack = json::parse(text.substr(bracket)).as_array().at(0);
      waiting.mapped().seen(ack);
      return waiting.mapped().answer.set(std::move(ack));
    }
    case '4': {
      const auto error = json::parse(text.substr(1)).as_object();
      const auto code = std::string(error.at("data").as_object().at("code").as_string());
      drop();
      return hooks_.refused(code);
    }
    default: return;
  }
}

void SocketClient::lost() {
  if (!attempt_) return;
  drop();
  hooks_.disconnected();
}

void SocketClient::drop() {
  attempt_ = nullptr;
  connected_ = false;
  heartbeat_.cancel();
  if (const auto wire = std::exchange(wire_, nullptr)) {
    wire->on_client_text = nullptr;
    wire->client_close();
  }
  fail_acks();
}

void SocketClient::break_off() {
  if (wire_) wire_->break_off();
}

void SocketClient::fail_acks() {
  for (const auto& [id, waiting] : std::exchange(acks_, {})) waiting.answer.set(std::nullopt);
}

void SocketClient::expect_ping(base::Milliseconds within) {
  heartbeat_.expires_after(within);
  heartbeat_.async_wait([this, mine = std::weak_ptr(attempt_)](boost::system::error_code error) {
    if (!error && mine.lock()) lost();
  });
}

base::Task<Ack> SocketClient::request(std::string name, json::value payload, AckSeen seen) {
  if (!connected_) co_return std::nullopt;
  const auto id = ++last_ack_;
  const net::Deferred<Ack> answer;
  acks_.emplace(id, Waiting{answer, std::move(seen)});
  const json::array event{name, std::move(payload)};
  wire_->client_send(fmt::format("42{}{}", id, json::serialize(event)));
  loop_.after(ack_timeout, [answer] { answer.set(std::nullopt); });
  co_return co_await answer.get();
}

}  // namespace rubricon::sim
