/// A Socket.IO client over WebSocket, just enough for the gateway's tests: every call runs the
/// io_context until it is answered.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rubricon::gateway {

/// Runs `io` until `done()`; false after `time`.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& done,
               std::chrono::milliseconds time = std::chrono::minutes(1));
void run_for(boost::asio::io_context& io, std::chrono::milliseconds time);

/// A JSON value made of what a test has at hand, std::string included.
struct Json {
  Json(const std::string& text) : value(boost::json::string(text)) {}  // NOLINT: implicit
  template <typename T>
    requires std::constructible_from<boost::json::value, T&&> &&
             (!std::same_as<std::remove_cvref_t<T>, Json>)
  Json(T&& any) : value(std::forward<T>(any)) {}  // NOLINT: implicit

  boost::json::value value;
};

boost::json::object object(std::initializer_list<std::pair<std::string_view, Json>> fields);

class SocketClient {
 public:
  struct Received {
    std::string name;
    boost::json::value payload;
  };

  SocketClient(boost::asio::io_context& io, std::uint16_t port, const std::string& nsp = "/");
  ~SocketClient();
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;

  /// Sends CONNECT with `auth`; true when accepted, false when refused (then see `refusal`).
  bool connect(const boost::json::object& auth);
  bool connect(const std::string& token);
  /// Sends CONNECT and does not wait.
  void begin_connect(const boost::json::object& auth);
  bool entered() const;
  /// The data of CONNECT_ERROR, or all of it where it has none.
  const boost::json::object& refusal() const;

  void emit(std::string_view name, const Json& argument);
  /// Emits and does not wait; `answer` does.
  std::uint64_t begin(std::string_view name, const Json& argument);
  /// The same with an argument that is JSON text already.
  std::uint64_t begin_raw(std::string_view name, std::string_view json);
  /// The acknowledgement of a `begin`; null after 10 s or when the socket was closed.
  boost::json::value answer(std::uint64_t begun);
  /// Sends one Engine.IO message as it is.
  void send_text(std::string text);
  /// Emits and waits for the acknowledgement.
  boost::json::value ask(std::string_view name, const Json& argument);
  /// The error code of an acknowledgement, empty where there is none.
  static std::string error_in(const boost::json::value& answer);
  std::string error(std::string_view name, const Json& argument);

  /// Everything received so far.
  const std::vector<Received>& received() const;
  /// Payloads of the events of that name so far.
  std::vector<boost::json::value> received(std::string_view name) const;
  /// The payload of the `n`th event of that name (from 1), waited for; null after 10 s.
  boost::json::value wait_for(std::string_view name, std::size_t n = 1);
  /// The seqs of all stored events so far, in the order they came.
  std::vector<std::int64_t> seqs() const;

  /// The socket's public id, once connected.
  const std::string& id() const;
  /// The auth object with which an official client would ask to be recovered.
  boost::json::object comes_back_with(const std::string& token) const;
  bool closed() const;
  /// True where the server said DISCONNECT before the end: the official clients stay away then.
  bool told_to_stay_away() const;
  void stop_reading();
  void go_on_reading();
  void close();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rubricon::gateway
