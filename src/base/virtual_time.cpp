#include <rubricon/base/virtual_time.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>

namespace rubricon::base {

thread_local constinit VirtualTime* VirtualTime::current_ = nullptr;

VirtualTime::VirtualTime(Instant start) : now_(start) {
  RUBRICON_ASSERT(current_ == nullptr);
  current_ = this;
}

VirtualTime::~VirtualTime() {
  current_ = nullptr;
}

std::optional<Instant> VirtualTime::next() const {
  if (alarms_.empty()) return std::nullopt;
  return alarms_.begin()->first.first;
}

void VirtualTime::advance_to(Instant instant) {
  while (!alarms_.empty() && alarms_.begin()->first.first <= instant) {
    auto alarm = alarms_.extract(alarms_.begin());
    now_ = std::max(now_, alarm.key().first);
    alarm.mapped()();
  }
  now_ = std::max(now_, instant);
}

VirtualTime::AlarmId VirtualTime::set(Instant due, std::function<void()> ring) {
  const AlarmId id{due, ++alarms_set_};
  alarms_.emplace(id, std::move(ring));
  return id;
}

void VirtualTime::clear(AlarmId alarm) {
  alarms_.erase(alarm);
}

}  // namespace rubricon::base
