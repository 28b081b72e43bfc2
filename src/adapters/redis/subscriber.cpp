#include <rubricon/redis/subscriber.hpp>

#include <utility>

namespace rubricon::redis {
namespace {

void call(const std::map<std::string, Subscriber::Handler, std::less<>>& handlers,
          const Reply& name, const Reply& channel, const Reply& message) {
  if (!name.text() || !channel.text() || !message.text()) return;
  const auto found = handlers.find(*name.text());
  if (found != handlers.end()) found->second(*channel.text(), *message.text());
}

}  // namespace

Subscriber::Subscriber(boost::asio::any_io_executor executor, LineOptions options, Tools tools,
                       observability::Metrics& metrics)
    : connects_(metrics.counter("rubricon_redis_subscriber_connects_total",
                                "Connections made to listen to channels")),
      messages_(metrics.counter("rubricon_redis_subscriber_messages_total",
                                "Messages heard on channels")),
      line_(std::move(executor), std::move(options), tools, handlers()) {}

void Subscriber::subscribe(std::string channel, Handler handler) {
  channels_.insert_or_assign(std::move(channel), std::move(handler));
}

void Subscriber::subscribe_pattern(std::string pattern, Handler handler) {
  patterns_.insert_or_assign(std::move(pattern), std::move(handler));
}

Line::Handlers Subscriber::handlers() {
  return {.up =
              [this] {
                connects_.add();
                subscribe_all();
              },
          .down = [this] { confirmed_ = 0; },
          .reply = [this](const Reply& reply) { heard(reply); },
          .ping = [this] { (void)line_.send(Command{"PING"}); }};
}

void Subscriber::subscribe_all() {
  confirmed_ = 0;
  Command channels{"SUBSCRIBE"}, patterns{"PSUBSCRIBE"};
  for (const auto& [name, handler] : channels_) channels.add(name);
  for (const auto& [pattern, handler] : patterns_) patterns.add(pattern);
  if (!channels_.empty()) (void)line_.send(channels);
  if (!patterns_.empty()) (void)line_.send(patterns);
}

void Subscriber::heard(const Reply& reply) {
  const auto* parts = reply.list();
  if (!parts || parts->empty() || !parts->front().text()) return;
  const auto& kind = *parts->front().text();
  if (kind == "message" && parts->size() == 3) {
    messages_.add();
    call(channels_, (*parts)[1], (*parts)[1], (*parts)[2]);
  } else if (kind == "pmessage" && parts->size() == 4) {
    messages_.add();
    call(patterns_, (*parts)[1], (*parts)[2], (*parts)[3]);
  } else if (kind == "subscribe" || kind == "psubscribe") {
    ++confirmed_;
  }
}

}  // namespace rubricon::redis
