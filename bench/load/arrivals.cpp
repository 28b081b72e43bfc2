#include "arrivals.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr std::int64_t patience = 60 * second_ns;

/// Whether somebody closed it.
bool input_ended() {
  char byte = 0;
  return ::read(STDIN_FILENO, &byte, 1) == 0;
}

class Run {
 public:
  explicit Run(const ArrivalsOptions& options) : options_(options) {
    for (std::size_t n = 0; n < options.sockets; ++n) {
      const auto in_turn = [n](const std::vector<std::string>& all) {
        return all.empty() ? "" : all[n % all.size()];
      };
      const auto from = INADDR_LOOPBACK + static_cast<std::uint32_t>(n % options.addresses);
      guests_.push_back(std::make_unique<Guest>(*this, Route{.port = options.port, .from = from},
                                                Membership{.protocol = options.protocol,
                                                           .token = in_turn(options.tokens),
                                                           .chat = in_turn(options.chats)}));
    }
  }

  void run() {
    Span span(options_.servers);
    auto last = now_ns();
    std::size_t begun = 0;
    for (std::size_t seen = 0; entered_ < guests_.size();) {
      while (begun < guests_.size() && begun - entered_ < options_.at_once) {
        guests_[begun++]->come();
      }
      loop_.turn(0);
      if (entered_ != seen) last = now_ns();
      seen = entered_;
      if (now_ns() - last > patience) throw std::runtime_error("nobody gets in any more");
    }
    span.end();
    const auto count = static_cast<double>(guests_.size());
    fmt::print(R"({{"sockets":{},"seconds":{:.3f},"perSecond":{:.1f},"cpuUs":{},"latency":{}}})"
               "\n",
               guests_.size(), span.seconds(), count / span.seconds(), span.cpu_us_per(count),
               latencies_.json());
    std::fflush(stdout);
    if (!options_.stay) return;
    ::fcntl(STDIN_FILENO, F_SETFL, ::fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    while (!input_ended()) loop_.turn(100);
  }

 private:
  class Guest final : public Subscriber {
   public:
    Guest(Run& run, Route route, Membership membership)
        : Subscriber(run.loop_, route, std::move(membership)), run_(run) {}

    void come() {
      came_ = now_ns();
      open();
    }

   private:
    void entered() override {
      run_.latencies_.add(now_ns() - came_);
      ++run_.entered_;
    }
    void heard_message(std::int64_t) override {}

    Run& run_;
    std::int64_t came_ = 0;
  };

  const ArrivalsOptions& options_;
  Loop loop_;
  std::vector<std::unique_ptr<Guest>> guests_;
  std::size_t entered_ = 0;
  Latencies latencies_;
};

}  // namespace

void arrive(const ArrivalsOptions& options) {
  Run(options).run();
}

}  // namespace bench
