#include "report.hpp"

#include "loop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace bench {

std::string Latencies::json() {
  std::ranges::sort(all_);
  const auto ms = [this](std::size_t permille) {
    if (all_.empty()) return 0.0;
    const auto at = std::min(all_.size() - 1, all_.size() * permille / 1'000);
    return static_cast<double>(all_[at]) / 1e6;
  };
  return fmt::format(R"({{"n":{},"p50":{:.3f},"p99":{:.3f},"max":{:.3f}}})", all_.size(), ms(500),
                     ms(990), ms(1'000));
}

Span::Span(Servers servers)
    : servers_(std::move(servers)), begun_(now_ns()), before_(cpu_ns(servers_)) {}

void Span::end() {
  ended_ = now_ns();
  after_ = cpu_ns(servers_);
}

std::string Span::cpu_us_per(double count) const {
  std::string text = "{";
  for (const auto& [name, ns] : after_) {
    const auto used = static_cast<double>(ns - before_.at(name)) / 1e3;
    text += fmt::format(R"({}"{}":{:.3f})", text.size() > 1 ? "," : "", name, used / count);
  }
  return text + "}";
}

}  // namespace bench
