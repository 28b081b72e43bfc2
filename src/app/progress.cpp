#include <rubricon/app/progress.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

namespace rubricon::app {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t cells = 40;

}  // namespace

Progress::Progress(const ports::Clock& clock)
    : clock_(clock),
      terminal_(::isatty(STDERR_FILENO) == 1),
      begun_(clock.monotonic()),
      shown_(begun_) {}

Progress::~Progress() {
  if (line_open_) std::fputc('\n', stderr);
}

void Progress::show(std::int64_t done, std::int64_t all) {
  const auto now = clock_.monotonic();
  if (now - shown_ < (terminal_ ? 100ms : 5s)) return;
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  const auto text =
      fmt::format("{} of {} rows, {:.0f}/s", done, all, static_cast<double>(done) / seconds);
  if (!terminal_) {
    std::fprintf(stderr, "%s\n", text.c_str());
    return;
  }
  const auto full =
      static_cast<std::size_t>(std::min(done, all) * cells / std::max<std::int64_t>(all, 1));
  const auto bar = std::string(full, '#') + std::string(cells - full, '.');
  std::fprintf(stderr, "\r[%s] %s ", bar.c_str(), text.c_str());
  line_open_ = true;
}

}  // namespace rubricon::app
