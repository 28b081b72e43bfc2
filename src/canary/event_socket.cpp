#include <rubricon/canary/event_socket.hpp>

#include <rubricon/rest_client/look_up.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace rubricon::canary {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace json = boost::json;

constexpr std::size_t message_bytes_max = 4 << 20;
constexpr std::size_t events_max = 10'000;

[[noreturn]] void unintelligible() {
  throw boost::system::system_error(
      boost::system::errc::make_error_code(boost::system::errc::protocol_error));
}

json::array array_in(std::string_view packet) {
  boost::system::error_code failed;
  const auto start = packet.find('[');
  if (start == std::string_view::npos) unintelligible();
  const auto value = json::parse(packet.substr(start), failed);
  if (failed || !value.is_array() || value.get_array().empty()) unintelligible();
  return value.get_array();
}

}  // namespace

struct EventSocket::Stream {
  explicit Stream(const asio::any_io_executor& executor) : websocket(executor) {
    websocket.read_message_max(message_bytes_max);
  }

  beast::websocket::stream<beast::tcp_stream> websocket;
  beast::flat_buffer buffer;
};

EventSocket::EventSocket(rest_client::Target target) : target_(std::move(target)) {}
EventSocket::~EventSocket() = default;

base::Task<void> EventSocket::connect(std::string token, base::Milliseconds time) {
  const auto executor = co_await asio::this_coro::executor;
  stream_ = std::make_unique<Stream>(executor);
  auto& tcp = beast::get_lowest_layer(stream_->websocket);
  tcp.expires_after(time);
  const auto places = co_await rest_client::look_up(target_, time);
  co_await tcp.async_connect(places, asio::use_awaitable);
  co_await stream_->websocket.async_handshake(
      target_.authority, "/socket.io/?EIO=4&transport=websocket", asio::use_awaitable);
  json::object auth;
  auth["token"] = token;
  co_await send("40" + json::serialize(auth));
  for (;;) {
    const auto said = co_await packet();
    if (said.starts_with('0')) co_return;
    if (said.starts_with('4')) throw Refused("the server refused the socket: " + said.substr(1));
  }
}

base::Task<json::value> EventSocket::request(std::string name, json::value argument,
                                             base::Milliseconds time) {
  beast::get_lowest_layer(stream_->websocket).expires_after(time);
  const auto id = std::to_string(++last_ack_);
  json::array event;
  event.emplace_back(name);
  event.push_back(std::move(argument));
  co_await send("42" + id + json::serialize(event));
  for (;;) {
    const auto said = co_await packet();
    if (said.starts_with("3" + id + "[")) co_return array_in(said).front();
    keep(said);
  }
}

base::Task<EventSocket::Event> EventSocket::next(base::Milliseconds time) {
  beast::get_lowest_layer(stream_->websocket).expires_after(time);
  while (events_.empty()) keep(co_await packet());
  auto event = std::move(events_.front());
  events_.pop_front();
  co_return event;
}

base::Task<std::string> EventSocket::packet() {
  for (;;) {
    auto& stream = *stream_;
    co_await stream.websocket.async_read(stream.buffer, asio::use_awaitable);
    auto text = beast::buffers_to_string(stream.buffer.data());
    stream.buffer.clear();
    if (text == "2") co_await send("3");
    if (text.starts_with('4') && text.size() > 1) co_return text.substr(1);
  }
}

base::Task<void> EventSocket::send(std::string text) {
  stream_->websocket.text(true);
  co_await stream_->websocket.async_write(asio::buffer(text), asio::use_awaitable);
}

void EventSocket::keep(std::string_view packet) {
  if (packet.starts_with('1')) throw Refused("the server disconnected the socket");
  if (!packet.starts_with('2') || events_.size() >= events_max) return;
  auto event = array_in(packet);
  if (!event.front().is_string()) return;
  events_.push_back({std::string(event.front().get_string()),
                     event.size() > 1 ? std::move(event[1]) : json::value()});
}

}  // namespace rubricon::canary
