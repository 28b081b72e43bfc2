#include <rubricon/gateway/socket_client_test.hpp>

#include <boost/asio/buffers_iterator.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <deque>
#include <map>

namespace rubricon::gateway {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;

bool run_until(asio::io_context& io, const std::function<bool()>& done,
               std::chrono::milliseconds time) {
  const auto begin = std::chrono::steady_clock::now();  // tidy: allow clock because a test waits
  while (!done()) {
    io.restart();
    io.run_one_for(std::chrono::milliseconds(5));
    const auto now = std::chrono::steady_clock::now();  // tidy: allow clock because a test waits
    if (now - begin > time) return done();
  }
  return true;
}

void run_for(asio::io_context& io, std::chrono::milliseconds time) {
  run_until(io, [] { return false; }, time);
}

json::object object(std::initializer_list<std::pair<std::string_view, Json>> fields) {
  json::object result;
  for (const auto& [name, field] : fields) result[name] = field.value;
  return result;
}

struct SocketClient::State : std::enable_shared_from_this<State> {
  State(asio::io_context& context, std::uint16_t port, const std::string& nsp)
      : io(context), stream(context), prefix(nsp == "/" ? "" : nsp + ",") {
    // A small window, so that a client that does not read is felt soon.
    stream.next_layer().open(asio::ip::tcp::v4());
    stream.next_layer().set_option(asio::socket_base::receive_buffer_size(32 * 1024));
    stream.next_layer().connect({asio::ip::make_address("127.0.0.1"), port});
  }

  /// The server must run beside it.
  void handshake(std::uint16_t port) {
    stream.async_handshake(
        "127.0.0.1:" + std::to_string(port), "/socket.io/?EIO=4&transport=websocket",
        [self = shared_from_this()](beast::error_code failed) { self->opened(failed); });
  }

  void opened(beast::error_code failed) {
    if (failed) {
      closed = true;
      return;
    }
    open = true;
    read();
    write();
  }

  void read() {
    if (paused || closed) return;
    stream.async_read(buffer, [self = shared_from_this()](beast::error_code failed, std::size_t) {
      if (failed) {
        self->closed = true;
        return;
      }
      const auto text = beast::buffers_to_string(self->buffer.data());
      self->buffer.clear();
      self->got(text);
      self->read();
    });
  }

  void got(std::string text) {
    // "42/admin,[…]" says what "42[…]" says in the namespace "/".
    if (text.starts_with('4') && text.find(prefix, 1) == 2) text.erase(2, prefix.size());
    if (text == "2") {
      send("3");
    } else if (text.starts_with("40")) {
      connected = true;
      const auto answer = json::parse(text.substr(2));
      id = answer.at("sid").as_string().c_str();
      if (const auto* secret = answer.as_object().if_contains("pid")) {
        pid = secret->as_string().c_str();
      }
    } else if (text.starts_with("41")) {
      disconnected = true;
    } else if (text.starts_with("44")) {
      const auto error = json::parse(text.substr(2)).as_object();
      const auto* data = error.if_contains("data");
      refusal = data ? data->as_object() : error;
    } else if (text.starts_with("43")) {
      const auto bracket = text.find('[');
      const auto number = std::stoull(text.substr(2, bracket - 2));
      acks[number] = json::parse(text.substr(bracket)).as_array().at(0);
    } else if (text.starts_with("42")) {
      const auto event = json::parse(text.substr(2)).as_array();
      received.push_back(
          {std::string(event.at(0).as_string()), event.size() > 1 ? event.at(1) : json::value()});
      // As the official clients do.
      if (const auto* last = event.back().if_string(); last && event.size() > 1) offset = *last;
    }
  }

  void send(std::string text) {
    outgoing.push_back(std::move(text));
    write();
  }

  void write() {
    if (writing || !open || closed || outgoing.empty()) return;
    writing = true;
    stream.text(true);
    stream.async_write(asio::buffer(outgoing.front()),
                       [self = shared_from_this()](beast::error_code failed, std::size_t) {
                         self->writing = false;
                         self->outgoing.pop_front();
                         if (!failed) self->write();
                       });
  }

  asio::io_context& io;
  beast::websocket::stream<asio::ip::tcp::socket> stream;
  beast::flat_buffer buffer;
  std::deque<std::string> outgoing;
  std::string prefix;  ///< of packets of its namespace, after their type
  bool open = false;
  bool writing = false;
  bool closed = false;
  bool paused = false;
  bool connected = false;
  std::string id;
  std::string pid;
  std::optional<std::string> offset;
  bool disconnected = false;
  std::optional<json::object> refusal;
  std::map<std::uint64_t, json::value> acks;
  std::uint64_t last_ack = 0;
  std::vector<Received> received;
};

SocketClient::SocketClient(asio::io_context& io, std::uint16_t port, const std::string& nsp)
    : state_(std::make_shared<State>(io, port, nsp)) {
  state_->handshake(port);
}

SocketClient::~SocketClient() {
  close();
}

void SocketClient::begin_connect(const json::object& auth) {
  state_->send("40" + state_->prefix + json::serialize(auth));
}

bool SocketClient::connect(const json::object& auth) {
  begin_connect(auth);
  run_until(state_->io,
            [s = state_] { return s->connected || s->refusal.has_value() || s->closed; });
  return state_->connected;
}

bool SocketClient::connect(const std::string& token) {
  json::object auth;
  auth["token"] = token;
  return connect(auth);
}

bool SocketClient::entered() const {
  return state_->connected;
}

const json::object& SocketClient::refusal() const {
  static const json::object none;
  return state_->refusal ? *state_->refusal : none;
}

void SocketClient::emit(std::string_view name, const Json& argument) {
  json::array event;
  event.emplace_back(name);
  event.push_back(argument.value);
  state_->send("42" + json::serialize(event));
}

std::uint64_t SocketClient::begin(std::string_view name, const Json& argument) {
  return begin_raw(name, json::serialize(argument.value));
}

std::uint64_t SocketClient::begin_raw(std::string_view name, std::string_view argument) {
  const auto id = ++state_->last_ack;
  auto text = "42" + std::to_string(id) + "[" + json::serialize(json::string(name)) + ",";
  text += argument;
  state_->send(text + "]");
  return id;
}

json::value SocketClient::answer(std::uint64_t begun) {
  run_until(state_->io, [s = state_, begun] { return s->acks.contains(begun) || s->closed; });
  const auto answer = state_->acks.find(begun);
  return answer == state_->acks.end() ? json::value() : answer->second;
}

void SocketClient::send_text(std::string text) {
  state_->send(std::move(text));
}

json::value SocketClient::ask(std::string_view name, const Json& argument) {
  return answer(begin(name, argument));
}

std::string SocketClient::error(std::string_view name, const Json& argument) {
  return error_in(ask(name, argument));
}

std::string SocketClient::error_in(const json::value& answer) {
  const auto* object = answer.if_object();
  const auto* found = object ? object->if_contains("error") : nullptr;
  return found ? std::string(found->at("code").as_string()) : std::string();
}

const std::vector<SocketClient::Received>& SocketClient::received() const {
  return state_->received;
}

std::vector<json::value> SocketClient::received(std::string_view name) const {
  std::vector<json::value> payloads;
  for (const auto& event : state_->received) {
    if (event.name == name) payloads.push_back(event.payload);
  }
  return payloads;
}

json::value SocketClient::wait_for(std::string_view name, std::size_t n) {
  std::size_t looked_at = 0, found = 0;
  run_until(state_->io, [&] {
    const auto& all = state_->received;
    while (found < n && looked_at < all.size()) found += all[looked_at++].name == name ? 1 : 0;
    return found == n;
  });
  return found == n ? state_->received[looked_at - 1].payload : json::value();
}

std::vector<std::int64_t> SocketClient::seqs() const {
  std::vector<std::int64_t> seqs;
  for (const auto& event : state_->received) {
    const auto* object = event.payload.if_object();
    const auto* seq = object ? object->if_contains("seq") : nullptr;
    if (seq && object->contains("chatId")) seqs.push_back(seq->as_int64());
  }
  return seqs;
}

const std::string& SocketClient::id() const {
  return state_->id;
}

json::object SocketClient::comes_back_with(const std::string& token) const {
  json::object auth;
  auth["token"] = token;
  auth["pid"] = state_->pid;
  if (state_->offset) auth["offset"] = *state_->offset;
  return auth;
}

bool SocketClient::closed() const {
  return state_->closed;
}

bool SocketClient::told_to_stay_away() const {
  return state_->disconnected;
}

void SocketClient::stop_reading() {
  state_->paused = true;
}

void SocketClient::go_on_reading() {
  state_->paused = false;
  state_->read();
}

void SocketClient::close() {
  state_->closed = true;
  beast::error_code ignored;
  state_->stream.next_layer().close(ignored);
}

}  // namespace rubricon::gateway
