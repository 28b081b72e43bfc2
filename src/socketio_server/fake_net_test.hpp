/// A server without sockets: requests, WebSockets and their peers as objects of the test, on a loop
/// that runs until nothing is left to do.
#pragma once

#include <rubricon/net/http_server.hpp>
#include <rubricon/socketio_server/options.hpp>
#include <rubricon/socketio_server/server.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::socketio_server::testing {

class FakeExchange final : public net::HttpExchange {
 public:
  FakeExchange(std::string method, std::string query, std::string body) : body_(std::move(body)) {
    head_.method = std::move(method);
    head_.path = "/socket.io/";
    head_.query = std::move(query);
    head_.target = head_.path + "?" + head_.query;
    head_.remote_address = "192.0.2.1";
    head_.headers.add("Host", "example.test");
  }

  const net::HttpHead& head() const override { return head_; }
  net::HttpHead& mutable_head() { return head_; }
  base::Task<std::expected<std::string, net::BodyError>> read_body(std::size_t limit) override {
    if (body_.size() > limit) co_return std::unexpected(net::BodyError::too_large);
    co_return body_;
  }
  void on_disconnect(std::function<void()> callback) override { lost = std::move(callback); }
  void abort() override { aborted = true; }

  std::function<void()> lost;
  bool aborted = false;

 private:
  net::HttpHead head_;
  std::string body_;
};

/// The server's end of a WebSocket. What it sends is decoded back into packets.
class FakeWebSocket final : public net::WebSocketConnection {
 public:
  void start(std::shared_ptr<net::WebSocketListener> listener) override {
    listener_ = std::move(listener);
  }
  bool send(net::SharedFrame frame) override {
    if (!open_ || full) return false;
    frames.push_back(std::move(frame));
    return true;
  }
  std::size_t queued_bytes() const override { return queued; }
  void close(std::uint16_t code, std::string_view) override {
    open_ = false;
    close_code = code;
  }
  void abort() override { open_ = false; }
  bool is_open() const override { return open_; }

  /// What the client does.
  void say(std::string_view text) {
    if (open_) listener_->on_text(text);
  }
  void say_binary(std::string_view bytes) {
    if (open_) listener_->on_binary(bytes);
  }
  void go_away() {
    open_ = false;
    if (const auto listener = std::exchange(listener_, nullptr)) listener->on_closed({});
  }
  /// The packets since the last call; binary ones in angle brackets.
  std::vector<std::string> heard() {
    std::vector<std::string> packets;
    for (const auto& frame : std::exchange(frames, {})) packets.push_back(payload(*frame));
    return packets;
  }

  std::vector<net::SharedFrame> frames;
  std::size_t queued = 0;
  bool full = false;
  std::optional<std::uint16_t> close_code;

 private:
  static std::string payload(const std::string& frame) {
    const auto length = static_cast<unsigned char>(frame[1]);
    const auto text = frame.substr(length < 126 ? 2 : length == 126 ? 4 : 10);
    return static_cast<unsigned char>(frame[0]) == 0x82 ? "<" + text + ">" : text;
  }

  std::shared_ptr<net::WebSocketListener> listener_;
  bool open_ = true;
};

class FakeNetTest : public ::testing::Test {
 protected:
  /// What a request was answered with, once it was.
  using Answer = std::shared_ptr<std::optional<net::HttpResponse>>;

  Environment environment() {
    return {.now = [this] { return now; }, .random = [this](auto out) { fill(out); }};
  }
  void run() {
    io.restart();
    io.poll();
  }
  Answer request(net::HttpHandler& handler, std::shared_ptr<FakeExchange> exchange) {
    auto answer = std::make_shared<std::optional<net::HttpResponse>>();
    boost::asio::co_spawn(io, handler.handle(std::move(exchange)),
                          [answer](std::exception_ptr fault, net::HttpResponse response) {
                            if (fault) std::rethrow_exception(fault);
                            *answer = std::move(response);
                          });
    run();
    return answer;
  }
  Answer get(net::HttpHandler& handler, const std::string& query) {
    return request(handler, std::make_shared<FakeExchange>("GET", query, ""));
  }
  Answer post(net::HttpHandler& handler, const std::string& query, const std::string& body) {
    return request(handler, std::make_shared<FakeExchange>("POST", query, body));
  }
  /// The sid of a new polling session.
  std::string open_polling(net::HttpHandler& handler) {
    const auto answer = get(handler, "EIO=4&transport=polling");
    return std::string((*answer)->body.view().substr(9, 20));
  }
  static std::string session_query(const std::string& sid) {
    return "EIO=4&transport=polling&sid=" + sid;
  }
  /// Status of a refusal, or 101 with the WebSocket in `websocket`.
  unsigned upgrade(net::HttpHandler& handler, std::shared_ptr<FakeExchange> exchange,
                   std::shared_ptr<FakeWebSocket>& websocket) {
    unsigned status = 0;
    boost::asio::co_spawn(io, handler.upgrade(std::move(exchange)),
                          [&](std::exception_ptr fault, net::UpgradeAnswer answer) {
                            if (fault) std::rethrow_exception(fault);
                            if (const auto* refusal = std::get_if<net::HttpResponse>(&answer)) {
                              status = refusal->status;
                              return;
                            }
                            status = 101;
                            websocket = std::make_shared<FakeWebSocket>();
                            std::get<net::WebSocketAccept>(answer).opened(websocket);
                          });
    run();
    return status;
  }
  std::shared_ptr<FakeWebSocket> open_websocket(net::HttpHandler& handler) {
    std::shared_ptr<FakeWebSocket> websocket;
    const auto query = "EIO=4&transport=websocket";
    const auto status =
        upgrade(handler, std::make_shared<FakeExchange>("GET", query, ""), websocket);
    EXPECT_EQ(status, 101u);
    return websocket;
  }
  void complete(base::Task<void> task) {
    bool done = false;
    boost::asio::co_spawn(io, std::move(task), [&done](std::exception_ptr fault) {
      if (fault) std::rethrow_exception(fault);
      done = true;
    });
    io.restart();
    for (int i = 0; i < 6'000 && !done; ++i) io.run_one_for(std::chrono::milliseconds(10));
    EXPECT_TRUE(done);
  }

  boost::asio::io_context io;
  base::Instant now{};

 private:
  /// Different at every call, and the same in every run.
  void fill(std::span<std::uint8_t> out) {
    for (auto& byte : out) {
      state_ = state_ * 6364136223846793005u + 1442695040888963407u;
      byte = static_cast<std::uint8_t>(state_ >> 56);
    }
  }
  std::uint64_t state_ = 1;
};

/// A Socket.IO server with one namespace, and clients that speak by WebSocket.
class FakeServerTest : public FakeNetTest {
 protected:
  FakeServerTest() { reset({}); }

  void reset(ServerOptions options) {
    server = std::make_unique<Server>(io.get_executor(), environment(), std::move(options));
    nsp = &server->of("/");
  }
  /// A client that has sent CONNECT; its answer and all before are still to be heard.
  std::shared_ptr<FakeWebSocket> connect(const std::string& auth = "") {
    auto websocket = open_websocket(server->http());
    websocket->heard();
    websocket->say("40" + auth);
    return websocket;
  }
  /// A client in `/`, nothing left to be heard.
  std::shared_ptr<FakeWebSocket> join(const std::string& auth = "") {
    auto websocket = connect(auth);
    const auto heard = websocket->heard();
    EXPECT_EQ(heard.empty() ? "" : heard.front().substr(0, 3), "40{");
    return websocket;
  }
  /// The newest socket; needs `remember_sockets`.
  void remember_sockets() {
    nsp->on_connection([this](const SocketPtr& socket) { sockets.push_back(socket); });
  }

  std::unique_ptr<Server> server;
  Namespace* nsp = nullptr;
  std::vector<SocketPtr> sockets;
};

}  // namespace rubricon::socketio_server::testing
