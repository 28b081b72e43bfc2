/// Listens to channels over a connection of its own, and listens again after each reconnection.
#pragma once

#include <rubricon/observability/metrics.hpp>
#include <rubricon/redis/line.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace rubricon::redis {

/// At most once: what is published while the connection is away is lost. One executor.
class Subscriber {
 public:
  /// Both views live for the call only. Must not throw.
  using Handler = std::function<void(std::string_view channel, std::string_view message)>;

  Subscriber(boost::asio::any_io_executor executor, LineOptions options, Tools tools,
             observability::Metrics& metrics);

  /// Before `start`. One handler a channel, or a pattern.
  void subscribe(std::string channel, Handler handler);
  void subscribe_pattern(std::string pattern, Handler handler);

  void start() { line_.start(); }
  /// No handler is called any more once it has completed; before the destructor.
  base::Task<void> stop() { return line_.stop(); }

  /// Whether Redis has confirmed everything that was asked for.
  bool listening() const { return line_.up() && confirmed_ == channels_.size() + patterns_.size(); }

 private:
  Line::Handlers handlers();
  void subscribe_all();
  void heard(const Reply& reply);

  std::map<std::string, Handler, std::less<>> channels_;
  std::map<std::string, Handler, std::less<>> patterns_;
  std::size_t confirmed_ = 0;
  observability::Counter& connects_;
  observability::Counter& messages_;
  Line line_;
};

}  // namespace rubricon::redis
