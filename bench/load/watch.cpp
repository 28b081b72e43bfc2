#include "watch.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <unordered_map>
#include <utility>

namespace bench {
namespace {

/// The text is of characters that are three bytes of UTF-8 and one unit of UTF-16 each.
std::int64_t units_of(std::string_view event) {
  constexpr std::string_view key = "\"text\":\"";
  const auto begin = event.find(key) + key.size();
  return static_cast<std::int64_t>((event.find('"', begin) - begin) / 3);
}

class Run {
 public:
  explicit Run(const WatchOptions& options) : options_(options) {
    for (std::size_t n = 0; n < options.sockets; ++n) {
      Membership membership{.protocol = Protocol::rubricon,
                            .token = options.tokens.at(n / sockets_a_user),
                            .chat = options.chat,
                            .after = options.after};
      watchers_.push_back(
          std::make_unique<Watcher>(*this, Route{.port = options.port}, std::move(membership)));
    }
  }

  void run() {
    for (std::size_t n = 0; n < watchers_.size(); ++n) {
      watchers_[n]->open();
      if (n % 64 == 63) loop_.turn_until([&] { return entered_ + 32 > n; });
    }
    loop_.turn_until([&] { return entered_ == watchers_.size(); });
    fmt::print("ready\n");
    std::fflush(stdout);
    loop_.turn_until([&] { return pieces_ > 0; });
    listen_for(options_.warm_up_seconds);
    delays_.clear();
    pieces_ = 0;
    Span span(options_.servers);
    listen_for(options_.seconds);
    span.end();
    const auto deliveries = static_cast<double>(pieces_);
    fmt::print(R"({{"deliveries":{:.0f},"seconds":{:.3f},"cpuUs":{},"latency":{}}})"
               "\n",
               deliveries, span.seconds(), span.cpu_us_per(deliveries), delays_.json());
  }

 private:
  class Watcher final : public Subscriber {
   public:
    Watcher(Run& run, Route route, Membership membership)
        : Subscriber(run.loop_, route, std::move(membership)), run_(run) {}

   private:
    void entered() override {
      acknowledge_when_read();
      ++run_.entered_;
    }
    void heard_message(std::int64_t) override {}
    void heard_event(std::string_view event) override {
      if (!event.starts_with("42[\"ai-delta\"")) return;
      const auto offset = number_after(event, "\"off\":");
      if (offset != heard_) {
        throw std::runtime_error(fmt::format("a piece began at {} after {}", offset, heard_));
      }
      heard_ += units_of(event);
      run_.heard_piece(offset);
    }

    Run& run_;
    std::int64_t heard_ = 0;
  };

  void listen_for(double seconds) {
    const auto until = now_ns() + static_cast<std::int64_t>(seconds * second_ns);
    while (now_ns() < until) loop_.turn(0);
  }

  /// How long after the first socket.
  void heard_piece(std::int64_t offset) {
    ++pieces_;
    const auto now = now_ns();
    delays_.add(now - first_heard_.try_emplace(offset, now).first->second);
  }

  const WatchOptions& options_;
  Loop loop_;
  std::vector<std::unique_ptr<Watcher>> watchers_;
  std::unordered_map<std::int64_t, std::int64_t> first_heard_;
  std::size_t entered_ = 0;
  std::uint64_t pieces_ = 0;
  Latencies delays_;
};

}  // namespace

void watch(const WatchOptions& options) {
  Run(options).run();
}

}  // namespace bench
