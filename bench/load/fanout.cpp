#include "fanout.hpp"

#include "http_client.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

/// Says something to the room. `say` is called with numbers 1, 2, 3 …
class Publisher {
 public:
  virtual ~Publisher() = default;
  virtual bool is_ready() const = 0;
  virtual void say(std::int64_t number) = 0;
};

/// By a WebSocket of its own, which is not in the room.
class SocketPublisher final : public Publisher, private WebSocketClient {
 public:
  SocketPublisher(const Loop& loop, const FanoutOptions& options)
      : WebSocketClient(loop, {.port = options.port},
                        options.protocol == Protocol::raw
                            ? "/publish"
                            : "/socket.io/?EIO=4&transport=websocket"),
        node_(options.protocol == Protocol::node),
        text_(options.payload, 'x') {
    open();
  }
  bool is_ready() const override { return ready_; }
  void say(std::int64_t number) override {
    const auto message = fmt::format(R"({{"n":{},"content":"{}"}})", number, text_);
    send_text(node_ ? "42[\"publish\"," + message + "]" : message);
  }

 private:
  void opened() override { ready_ = !node_; }
  void heard(std::string_view text) override {
    if (text == "2") return send_text("3");
    if (text.starts_with("0")) return send_text("40");
    if (text.starts_with("40")) ready_ = true;
  }

  bool node_;
  bool ready_ = false;
  std::string text_;
};

/// By POST, on as many connections as there may be messages in flight.
class RestPublisher final : public Publisher {
 public:
  RestPublisher(const Loop& loop, const FanoutOptions& options)
      : body_(fmt::format(R"({{"chatId":"{}","content":"{}"}})", options.chat,
                          std::string(options.payload, 'x'))) {
    for (std::size_t n = 0; n < options.in_flight; ++n) {
      lines_.push_back(std::make_unique<Line>(*this, loop, options));
      lines_.back()->open();
    }
  }
  bool is_ready() const override { return true; }
  /// A message may be heard by all before its own 201 is: then the next one waits for that.
  void say(std::int64_t) override {
    for (const auto& line : lines_) {
      if (line->idle()) return line->post_next();
    }
    ++waiting_;
  }

 private:
  class Line final : public HttpClient {
   public:
    Line(RestPublisher& publisher, const Loop& loop, const FanoutOptions& options)
        : HttpClient(loop, {.port = options.port},
                     "Authorization: Bearer " + options.tokens.front() + "\r\n"),
          publisher_(publisher) {}

    bool idle() const { return idle_; }
    void post_next() {
      idle_ = false;
      post("/api/chat/messages", publisher_.body_);
    }

   private:
    void answered(int status, std::string_view body) override {
      if (status != 201) throw std::runtime_error("not stored: " + std::string(body));
      idle_ = true;
      if (publisher_.waiting_ == 0) return;
      --publisher_.waiting_;
      post_next();
    }

    RestPublisher& publisher_;
    bool idle_ = true;
  };

  std::string body_;
  std::vector<std::unique_ptr<Line>> lines_;
  std::size_t waiting_ = 0;
};

class Run {
 public:
  explicit Run(const FanoutOptions& options) : options_(options) {
    for (std::size_t n = 0; n < options.sockets; ++n) {
      const auto& tokens = options.tokens;
      Membership membership{.protocol = options.protocol,
                            .token = tokens.empty() ? "" : tokens.at(n / sockets_a_user),
                            .chat = options.chat.empty() ? "room" : options.chat,
                            .after = options.after};
      const auto from = INADDR_LOOPBACK + static_cast<std::uint32_t>(n % options.addresses);
      subscribers_.push_back(std::make_unique<Listener>(
          *this, Route{.port = options.port, .from = from}, std::move(membership)));
    }
    if (options.protocol == Protocol::rubricon) {
      publisher_ = std::make_unique<RestPublisher>(loop_, options);
    } else {
      publisher_ = std::make_unique<SocketPublisher>(loop_, options);
    }
  }

  void run() {
    connect();
    publish_for(options_.warm_up_seconds);
    latencies_.clear();
    const auto before = delivered_;
    Span span(options_.servers);
    publish_for(options_.seconds);
    span.end();
    const auto deliveries = static_cast<double>(delivered_ - before);
    fmt::print(R"({{"deliveries":{:.0f},"seconds":{:.3f},"cpuUs":{},"latency":{}}})"
               "\n",
               deliveries, span.seconds(), span.cpu_us_per(deliveries), latencies_.json());
  }

 private:
  class Listener final : public Subscriber {
   public:
    Listener(Run& run, Route route, Membership membership)
        : Subscriber(run.loop_, route, std::move(membership)), run_(run) {}

   private:
    void entered() override {
      acknowledge_when_read();
      ++run_.entered_;
    }
    void heard_message(std::int64_t number) override {
      if (number != run_.options_.after + last_ + 1) {
        throw std::runtime_error(fmt::format("message {} came after {}", number, last_));
      }
      run_.delivered(++last_);
    }

    Run& run_;
    std::int64_t last_ = 0;
  };

  struct Message {
    std::int64_t said = 0;
    std::size_t missing = 0;
  };

  void connect() {
    // A few at a time: the accept queue is not what is measured.
    for (std::size_t n = 0; n < subscribers_.size(); ++n) {
      subscribers_[n]->open();
      if (n % 64 == 63) loop_.turn_until([&] { return entered_ + 32 > n; });
    }
    loop_.turn_until([&] { return entered_ == subscribers_.size() && publisher_->is_ready(); });
  }

  void publish_for(double seconds) {
    const auto begun = now_ns();
    const auto until = begun + static_cast<std::int64_t>(seconds * second_ns);
    const auto gap = options_.rate > 0 ? static_cast<std::int64_t>(second_ns / options_.rate) : 0;
    auto next = begun;
    while (now_ns() < until) {
      while (messages_.size() - finished_ < options_.in_flight && now_ns() >= next) {
        messages_.push_back({.said = now_ns(), .missing = subscribers_.size()});
        publisher_->say(static_cast<std::int64_t>(messages_.size()));
        next += gap;
      }
      loop_.turn(0);
    }
    loop_.turn_until([&] { return finished_ == messages_.size(); });
  }

  void delivered(std::int64_t number) {
    auto& message = messages_.at(static_cast<std::size_t>(number) - 1);
    latencies_.add(now_ns() - message.said);
    ++delivered_;
    if (--message.missing == 0) ++finished_;
  }

  const FanoutOptions& options_;
  Loop loop_;
  std::vector<std::unique_ptr<Listener>> subscribers_;
  std::unique_ptr<Publisher> publisher_;
  std::vector<Message> messages_;
  std::size_t finished_ = 0;
  std::size_t entered_ = 0;
  std::uint64_t delivered_ = 0;
  Latencies latencies_;
};

}  // namespace

void fan_out(const FanoutOptions& options) {
  Run(options).run();
}

}  // namespace bench
