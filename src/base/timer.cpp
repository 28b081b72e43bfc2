#include <rubricon/base/timer.hpp>

namespace rubricon::base {

Timer::Timer(const boost::asio::any_io_executor& executor, Instant::duration delay)
    : Timer(executor) {
  expires_after(delay);
}

void Timer::expires_at(Instant expiry) {
  disarm();
  expiry_ = expiry;
  timer_.expires_at(VirtualTime::current() == nullptr ? expiry : Instant::max());
}

void Timer::expires_after(Instant::duration delay) {
  if (const auto* time = VirtualTime::current()) return expires_at(time->now() + delay);
  timer_.expires_after(delay);
  expiry_ = timer_.expiry();
}

void Timer::cancel() {
  disarm();
  timer_.cancel();
}

void Timer::arm(VirtualTime& time) {
  if (rang_ && !*rang_) return;  // an earlier wait has set the alarm
  rang_ = std::make_shared<bool>(false);
  if (expiry_ == Instant::max()) return;
  alarm_ = time.set(expiry_, [this] {
    *rang_ = true;
    timer_.cancel();
  });
}

void Timer::disarm() {
  if (!rang_) return;
  rang_.reset();
  if (auto* time = VirtualTime::current()) time->clear(alarm_);
}

}  // namespace rubricon::base
