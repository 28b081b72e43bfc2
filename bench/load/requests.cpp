#include "requests.hpp"

#include "http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

class Run {
 public:
  explicit Run(const RequestsOptions& options) : options_(options) {
    for (std::size_t n = 0; n < options.connections; ++n) {
      clients_.push_back(std::make_unique<Client>(*this, n));
    }
  }

  void run() {
    for (const auto& client : clients_) client->open();
    work_for(options_.warm_up_seconds);
    latencies_.clear();
    done_ = bytes_ = 0;
    Span span(options_.servers);
    work_for(options_.seconds);
    span.end();
    const auto requests = static_cast<double>(done_);
    fmt::print(R"({{"requests":{},"bytes":{},"perSecond":{:.1f},"cpuUs":{},"latency":{}}})"
               "\n",
               done_, bytes_ / std::max<std::uint64_t>(done_, 1), requests / span.seconds(),
               span.cpu_us_per(requests), latencies_.json());
  }

 private:
  class Client final : public HttpClient {
   public:
    Client(Run& run, std::size_t number)
        : HttpClient(run.loop_, {.port = run.options_.port}, run.options_.headers),
          run_(run),
          next_(number) {}

    void ask() {
      asked_ = now_ns();
      idle = false;
      get(run_.options_.paths[next_++ % run_.options_.paths.size()]);
    }

    bool idle = true;

   private:
    void answered(int status, std::string_view body) override {
      if (status != 200) throw std::runtime_error(fmt::format("{}: {}", status, body));
      run_.latencies_.add(now_ns() - asked_);
      ++run_.done_;
      run_.bytes_ += body.size();
      idle = true;
      if (run_.working_) ask();
    }

    Run& run_;
    std::size_t next_;
    std::int64_t asked_ = 0;
  };

  void work_for(double seconds) {
    const auto until = now_ns() + static_cast<std::int64_t>(seconds * second_ns);
    working_ = true;
    for (const auto& client : clients_) client->ask();
    while (now_ns() < until) loop_.turn(0);
    working_ = false;
    loop_.turn_until([&] {
      return std::ranges::all_of(clients_, [](const auto& client) { return client->idle; });
    });
  }

  const RequestsOptions& options_;
  Loop loop_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::uint64_t done_ = 0;
  std::uint64_t bytes_ = 0;
  bool working_ = false;
  Latencies latencies_;
};

}  // namespace

void request(const RequestsOptions& options) {
  Run(options).run();
}

}  // namespace bench
