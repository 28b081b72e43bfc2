#include <rubricon/sim/network.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

/// How long a device waits for an answer.
constexpr auto answer_timeout = 15s;

}  // namespace

base::Milliseconds Network::latency(const Link& link) {
  return dice_.between(link.latency_min, link.latency_max);
}

std::shared_ptr<Exchange> Network::exchange(const Link* link, Request request,
                                            const net::Deferred<Answer>& answer) {
  auto made = std::make_shared<Exchange>(std::move(request), "192.0.2.1");
  made->on_response([this, link, answer](Answer response) {
    loop_.after(latency(*link), [link, answer, response = std::move(response)] {
      if (!link->cut) answer.set(response);
    });
  });
  return made;
}

base::Task<Answer> Network::ask(const Link* link, Request request) {
  const net::Deferred<Answer> answer;
  auto made = exchange(link, std::move(request), answer);
  auto* process = dice_.pick(apis);
  loop_.after(latency(*link), [link, made = std::move(made), process] {
    if (!link->cut) process->serve(made);
  });
  loop_.after(answer_timeout, [answer] { answer.set(std::nullopt); });
  co_return co_await answer.get();
}

void Network::dial(const Link* link, std::function<void(std::shared_ptr<Wire>)> opened) {
  const auto wire = std::make_shared<Wire>(loop_, dice_, *link);
  const auto told = std::make_shared<bool>(false);
  const auto tell = [opened = std::move(opened), told](std::shared_ptr<Wire> result) {
    if (!std::exchange(*told, true)) opened(std::move(result));
  };
  Request request{.path = "/socket.io/", .query = "EIO=4&transport=websocket"};
  auto made = std::make_shared<Exchange>(std::move(request), "192.0.2.1");
  // The 101 overtakes nothing: what follows it comes by the wire, after it.
  made->on_response([tell, wire](const Answer& response) {
    tell(response && response->status == 101 ? wire : nullptr);
  });
  auto* process = dice_.pick(gateways);
  loop_.after(latency(*link), [link, process, made = std::move(made), wire] {
    if (!link->cut) process->upgrade(made, wire);
  });
  loop_.after(answer_timeout, [tell] { tell(nullptr); });
}

}  // namespace rubricon::sim
