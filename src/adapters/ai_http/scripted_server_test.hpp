/// An endpoint that does exactly what a test tells it, mischief included, on the test's own thread.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/base/timer.hpp>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_http {

struct Step {
  enum class Kind {
    send,
    drip,    ///< a byte every 2 ms
    repeat,  ///< for ever
    hang,    ///< until the other side closes
    reset,   ///< close with RST
    close,
  };
  Kind kind = Kind::send;
  std::string text;
};
using Script = std::vector<Step>;

inline Step send(std::string text) {
  return {Step::Kind::send, std::move(text)};
}
inline Step drip(std::string text) {
  return {Step::Kind::drip, std::move(text)};
}
inline Step repeat(std::string text) {
  return {Step::Kind::repeat, std::move(text)};
}
inline Step hang() {
  return {Step::Kind::hang, ""};
}
inline Step reset() {
  return {Step::Kind::reset, ""};
}
inline Step close() {
  return {Step::Kind::close, ""};
}

/// A whole answer of that status; `extra` are header lines that end in CRLF.
inline Step answer(int status, const std::string& body, const std::string& extra = "") {
  return send(
      fmt::format("HTTP/1.1 {} X\r\nContent-Type: application/json\r\n{}"
                  "Content-Length: {}\r\n\r\n{}",
                  status, extra, body.size(), body));
}

/// The head of a stream that ends when the connection does.
inline Step stream_head() {
  return send(
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
      "Connection: close\r\n\r\n");
}

inline std::string event(const boost::json::object& chunk) {
  return "data: " + boost::json::serialize(chunk) + "\n\n";
}
inline std::string token(std::string_view text) {
  const boost::json::object choice = {{"index", 0}, {"delta", {{"content", text}}}};
  return event({{"choices", {choice}}});
}
inline std::string call(std::string_view arguments, std::string_view tool = "set_rubric") {
  const boost::json::object function = {{"name", tool}, {"arguments", arguments}};
  const boost::json::object part = {{"index", 0}, {"function", function}};
  const boost::json::object delta = {{"tool_calls", boost::json::array{part}}};
  const boost::json::object choice = {{"index", 0}, {"delta", delta}};
  return event({{"choices", boost::json::array{choice}}});
}
inline std::string finish(std::string_view reason = "stop") {
  const boost::json::object choice = {
      {"index", 0}, {"delta", boost::json::object()}, {"finish_reason", reason}};
  return event({{"choices", boost::json::array{choice}}});
}
inline std::string usage(int prompt, int completion) {
  return event({{"choices", boost::json::array()},
                {"usage", {{"prompt_tokens", prompt}, {"completion_tokens", completion}}}});
}
inline std::string done() {
  return "data: [DONE]\n\n";
}
/// A good answer in prose.
inline Script good(std::string_view text = "好的。") {
  return {stream_head(), send(token(text) + finish() + usage(10, 2) + done()), close()};
}

struct SeenRequest {
  std::string head;
  boost::json::object body;
};

/// Each request is answered by the next script; one too many is a failure of the test.
class ScriptedServer {
 public:
  using tcp = boost::asio::ip::tcp;

  explicit ScriptedServer(boost::asio::io_context& io)
      : acceptor_(io, {boost::asio::ip::address_v4::loopback(), 0}),
        tasks_(io.get_executor(), [](std::exception_ptr) {}) {
    tasks_.spawn(accept());
  }
  void add(Script script) { scripts_.push_back(std::move(script)); }
  /// What answers a request for which no script is left.
  std::function<Script(const SeenRequest&)> improvise;
  base::Task<void> stop() { co_await tasks_.stop(); }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(std::string_view scheme = "http", std::string_view host = "127.0.0.1") const {
    return fmt::format("{}://{}:{}/v1", scheme, host, port());
  }

  std::vector<SeenRequest> requests;
  int accepted = 0;
  int left = 0;  ///< connections that the other side closed while we were not done

 private:
  base::Task<void> accept() {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
      ++accepted;
      tasks_.spawn(serve(std::move(socket)));
    }
  }

  base::Task<void> serve(tcp::socket socket) {
    std::string buffer;
    while (co_await read_request(&socket, &buffer)) {
      if (scripts_.empty() && !improvise) {
        ADD_FAILURE() << "a request that no script answers";
        co_return;
      }
      const auto script = next_script();
      for (const auto& step : script) {
        if (!co_await play(&socket, step)) co_return;
      }
    }
  }

  Script next_script() {
    if (scripts_.empty()) return improvise(requests.back());
    auto script = std::move(scripts_.front());
    scripts_.pop_front();
    return script;
  }

  base::Task<bool> read_request(tcp::socket* socket, std::string* buffer) {
    constexpr std::string_view key = "Content-Length: ";
    boost::system::error_code error;
    const auto head = co_await boost::asio::async_read_until(
        *socket, boost::asio::dynamic_buffer(*buffer), "\r\n\r\n",
        boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (error) co_return false;
    SeenRequest request{.head = buffer->substr(0, head)};
    buffer->erase(0, head);
    const auto at = request.head.find(key);
    const auto size =
        at == std::string::npos ? 0 : std::stoul(request.head.substr(at + key.size()));
    if (size > buffer->size()) {
      co_await boost::asio::async_read(
          *socket, boost::asio::dynamic_buffer(*buffer),
          boost::asio::transfer_exactly(size - buffer->size()),
          boost::asio::redirect_error(boost::asio::use_awaitable, error));
    }
    if (error) co_return false;
    request.body = boost::json::parse(buffer->substr(0, size)).as_object();
    buffer->erase(0, size);
    requests.push_back(std::move(request));
    co_return true;
  }

  /// False where the connection is over.
  base::Task<bool> play(tcp::socket* socket, Step step) {
    switch (step.kind) {
      case Step::Kind::send: co_return co_await write(socket, step.text);
      case Step::Kind::drip: co_return co_await write_slowly(socket, step.text);
      case Step::Kind::repeat:
        while (co_await write(socket, step.text)) {
        }
        co_return false;
      case Step::Kind::hang: co_return co_await wait_for_close(socket);
      case Step::Kind::reset:
        socket->set_option(boost::asio::socket_base::linger(true, 0));
        socket->close();
        co_return false;
      case Step::Kind::close: {
        boost::system::error_code ignored;
        socket->shutdown(tcp::socket::shutdown_both, ignored);
        co_return false;
      }
    }
    co_return false;
  }

  base::Task<bool> write(tcp::socket* socket, std::string text) {
    boost::system::error_code error;
    co_await boost::asio::async_write(
        *socket, boost::asio::buffer(text),
        boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (error) ++left;
    co_return !error;
  }

  base::Task<bool> write_slowly(tcp::socket* socket, std::string text) {
    base::Timer timer(socket->get_executor());
    for (const char c : text) {
      if (!co_await write(socket, std::string(1, c))) co_return false;
      timer.expires_after(base::Milliseconds(2));
      co_await timer.async_wait(boost::asio::use_awaitable);
    }
    co_return true;
  }

  base::Task<bool> wait_for_close(tcp::socket* socket) {
    char byte = 0;
    boost::system::error_code error;
    co_await socket->async_read_some(
        boost::asio::buffer(&byte, 1),
        boost::asio::redirect_error(boost::asio::use_awaitable, error));
    ++left;
    co_return false;
  }

  tcp::acceptor acceptor_;
  base::TaskGroup tasks_;
  std::deque<Script> scripts_;
};

}  // namespace rubricon::ai_http
