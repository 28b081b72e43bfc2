// A Socket.IO server of ours in a cluster with Node servers: `redis_peer <redis url> [full]`.
// Clients may join any room, publish on the ephemeral bus and store messages nowhere, so that tests
// need no chats. Prints its address once it hears the others; ends at SIGTERM.
#include <rubricon/base/pause.hpp>
#include <rubricon/base/task_group.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/gateway/namespace_sockets.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/memory/ephemerals.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/redis/adapter_bus.hpp>
#include <rubricon/redis/adapter_node.hpp>
#include <rubricon/redis/event_bridge.hpp>
#include <rubricon/socketio_server/server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

using namespace rubricon;
using namespace std::chrono_literals;
using socketio_server::Event;
using socketio_server::SocketPtr;

std::string text(const socketio_server::Args& args, std::size_t index) {
  const auto* value = index < args.size() ? args[index].if_string() : nullptr;
  return value ? std::string(*value) : std::string();
}

class Peer {
 public:
  Peer(boost::asio::io_context& loop, const redis::Address& address, redis::AdapterTrust trust)
      : executor_(loop.get_executor()),
        options_{.session = {.address = address, .name = "redis-peer"}},
        connection_(executor_, {.line = options_}, tools_, metrics_),
        subscriber_(executor_, options_, tools_, metrics_),
        bus_(connection_, local_, uid_, {}, metrics_),
        node_(subscriber_, connection_, local_, sockets_,
              {.uid = uid_, .more_names = {"bell"}, .trust = trust}, log_, metrics_) {
    nsp_.on("join", [](const SocketPtr& socket, Event& event) {
      event.ack({socket->join(text(event.args, 0))});
    });
    nsp_.on("publish", [this](const SocketPtr&, Event& event) { publish(event); });
    nsp_.on("store", [this](const SocketPtr&, Event& event) { store(event); });
    heard_ = local_.subscribe([this](const auto& message) { pass(*message); });
    connection_.start();
    subscriber_.start();
    tasks_.spawn(say_where());
  }

  void stop() { stopping_.spawn(end()); }

 private:
  void publish(Event& event) {
    const auto room = domain::StreamId::parse(text(event.args, 0));
    if (room && event.args.size() == 3) {
      auto payload = boost::json::serialize(event.args[2]);
      bus_.publish({*room, text(event.args, 1), std::move(payload)});
    }
    event.ack({room.has_value()});
  }
  /// As a relay does with a message that was stored.
  void store(Event& event) {
    const auto room = domain::StreamId::parse(text(event.args, 0));
    if (!room) return event.ack({false});
    const domain::Event stored{.stream = *room,
                               .epoch = domain::Epoch(1),
                               .seq = domain::Seq(2),
                               .type = domain::EventType::message_created,
                               .at = clock_.now(),
                               .data = boost::json::serialize(event.args[1])};
    const auto deadline = base::Deadline::after(clock_.monotonic(), 5s);
    tasks_.spawn(bridge_.publish({std::make_shared<const domain::Event>(stored)}, deadline));
    event.ack({true});
  }
  void pass(const ports::Ephemeral& message) {
    sockets_.emit({{message.room.to_string()}, {}}, message.name, message.payload);
  }
  base::Task<void> say_where() {
    while (!subscriber_.listening() || !connection_.usable()) co_await base::pause(5ms);
    std::printf("listening on http://127.0.0.1:%u\n", http_.listen("127.0.0.1", 0));
    std::fflush(stdout);
  }
  base::Task<void> end() {
    co_await tasks_.stop();
    co_await io_.close_all({});
    co_await http_.drain(base::Deadline::after(clock_.monotonic(), 2s));
    co_await subscriber_.stop();
    co_await connection_.stop();
  }

  boost::asio::any_io_executor executor_;
  crypto::SystemClock clock_;
  crypto::SystemRandom random_;
  observability::Log log_;
  observability::Metrics metrics_;
  redis::LineOptions options_;
  redis::Tools tools_{clock_, random_, log_};
  std::string uid_ = redis::make_adapter_uid(random_);
  socketio_server::Server io_{executor_,
                              {.now = [this] { return clock_.monotonic(); },
                               .random = [this](auto out) { random_.fill(out); }},
                              {}};
  socketio_server::Namespace& nsp_ = io_.of("/");
  gateway::NamespaceSockets sockets_{nsp_};
  memory::Ephemerals local_{executor_};
  redis::Connection connection_;
  redis::Subscriber subscriber_;
  redis::AdapterBus bus_;
  redis::AdapterNode node_;
  memory::Broker broker_{executor_};
  redis::EventBridge bridge_{broker_, connection_, {}, metrics_};
  std::unique_ptr<ports::Subscription> heard_;
  net::HttpServer http_{executor_, {}, io_.http(), log_, metrics_};
  base::TaskGroup tasks_{executor_, [](std::exception_ptr) { std::terminate(); }};
  base::TaskGroup stopping_{executor_, [](std::exception_ptr) { std::terminate(); }};
};

}  // namespace

int main(int argc, char** argv) {
  const auto address = argc > 1 ? redis::parse_address(argv[1]) : redis::parse_address("");
  if (!address) {
    std::fprintf(stderr, "redis_peer <redis url> [full]: %s\n", address.error().detail.c_str());
    return 2;
  }
  const bool full = argc > 2 && std::string_view(argv[2]) == "full";
  boost::asio::io_context loop(1);
  Peer peer(loop, *address, full ? redis::AdapterTrust::full : redis::AdapterTrust::ephemeral);
  boost::asio::signal_set signals(loop, SIGTERM, SIGINT);
  signals.async_wait([&peer](boost::system::error_code error, int) {
    if (!error) peer.stop();
  });
  loop.run();
}
