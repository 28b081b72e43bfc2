#include <rubricon/sim/loop.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace rubricon::sim {
namespace {

constexpr base::Instant begin{std::chrono::hours(1)};
/// 2026-11-22T21:48:35.000Z, so that runs do not depend on the day.
constexpr base::Time calendar_begin = base::time_from_unix_ms(1'795'384'115'000);
constexpr base::Milliseconds look{100};

}  // namespace

Loop::Loop(PrintTrace print) : time_(begin), busy_(io_.get_executor()), print_(print) {}

Loop::~Loop() = default;

At Loop::elapsed() const {
  return std::chrono::duration_cast<At>(time_.now() - begin);
}
At Loop::since_begin(base::Time time) const {
  return time - calendar_begin;
}
base::Time Loop::now() const {
  return calendar_begin + elapsed();
}

void Loop::at(At when, std::function<void()> step) {
  time_.set(begin + when,
            [this, step = std::move(step)]() mutable { boost::asio::post(io_, std::move(step)); });
}

void Loop::after(base::Milliseconds delay, std::function<void()> step) {
  at(elapsed() + delay, std::move(step));
}

void Loop::settle() {
  io_.poll();
}

bool Loop::run_until(const std::function<bool()>& done, At limit) {
  auto next_look = elapsed();
  for (;;) {
    settle();
    if (elapsed() >= next_look) {
      if (done()) return true;
      next_look = elapsed() + look;
    }
    if (elapsed() >= limit) return false;
    const auto wake = std::min(begin + limit, begin + next_look);
    time_.advance_to(std::min(time_.next().value_or(wake), wake));
  }
}

void Loop::note_line(std::string_view line) {
  const auto now = time_.now().time_since_epoch().count();
  hash({reinterpret_cast<const char*>(&now), sizeof now});
  hash(line);
  if (print_ == PrintTrace::no) return;
  fmt::print("{:>10.6f}  {}\n", std::chrono::duration<double>(time_.now() - begin).count(), line);
}

void Loop::hash(std::string_view bytes) {
  for (const char c : bytes) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
}

}  // namespace rubricon::sim
