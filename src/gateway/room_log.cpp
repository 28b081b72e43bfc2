#include <rubricon/gateway/room_log.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/seeded_bug.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace rubricon::gateway {

LogActions RoomLog::open(domain::Position head) {
  RUBRICON_ASSERT(!opened());
  RUBRICON_ASSERT(!over_);
  RUBRICON_ASSERT(head.epoch.value() > 0);
  LogActions out;
  head_ = head;
  bool one_epoch = true;
  std::erase_if(aside_, [&](const auto& early) {
    const bool other_epoch = early.second->epoch != head.epoch;
    one_epoch = one_epoch && !other_epoch;
    const bool old = other_epoch || early.first <= head.seq;
    if (old) aside_bytes_ -= early.second->data.size();
    return old;
  });
  // A target that another epoch's event has set means nothing here.
  target_ = one_epoch ? std::max(target_, head.seq) : head.seq;
  if (!aside_.empty()) target_ = std::max(target_, aside_.rbegin()->first);
  drain_aside(out);
  return settle(out, options_.hole_wait);
}

LogActions RoomLog::arrived(EventPtr event) {
  LogActions out;
  if (over_) return out;
  if (!opened()) {
    keep_aside(std::move(event));
    return out;
  }
  if (event->epoch > head_.epoch) return end();
  if (event->epoch < head_.epoch || event->seq <= head_.seq || aside_.contains(event->seq)) {
    ++stats_.duplicates;
  } else {
    take(std::move(event), out);
    settle(out, options_.hole_wait);
  }
  return out;
}

LogActions RoomLog::learned(const EventPtr& event) {
  LogActions out;
  if (!opened() || event->epoch != head_.epoch || event->seq <= head_.seq) return out;
  take(event, out);
  return settle(out, options_.hole_wait);
}

LogActions RoomLog::waited() {
  LogActions out;
  if (phase_ != Phase::waiting) return out;
  phase_ = Phase::idle;
  if (RUBRICON_SEEDED_BUG(skip_on_timeout) && !aside_.empty()) {
    head_.seq = domain::Seq(aside_.begin()->first.value() - 1);
    drain_aside(out);
  }
  if (!behind()) return out;
  phase_ = Phase::reading;
  out.read_after = head_.seq;
  return out;
}

LogActions RoomLog::read(const ports::EventPage& page) {
  LogActions out;
  if (phase_ != Phase::reading) return out;
  phase_ = Phase::idle;
  // What the room waits for is not in the store any more: whoever is here reads the chat anew.
  if (page.head.epoch > head_.epoch || page.gone) return end();
  const auto before = head_.seq;
  if (page.head.epoch == head_.epoch) {
    for (const auto& event : page.events) {
      if (event.seq != head_.seq.next()) continue;
      ++stats_.filled;
      take(std::make_shared<const domain::Event>(event), out);
    }
    target_ = std::max(target_, page.head.seq);
  }
  if (head_.seq > before) {
    retry_ = base::Milliseconds(0);
    // More than one page is missing: go on at once.
    return settle(out, base::Milliseconds(0));
  }
  return settle(out, next_retry());
}

LogActions RoomLog::read_failed() {
  LogActions out;
  if (phase_ != Phase::reading) return out;
  phase_ = Phase::idle;
  return settle(out, next_retry());
}

LogActions RoomLog::checked(domain::Position head) {
  LogActions out;
  if (!opened()) return out;
  if (head.epoch > head_.epoch) return end();
  if (head.epoch < head_.epoch || head.seq <= target_) return out;
  ++stats_.behind;
  target_ = head.seq;
  return settle(out, options_.hole_wait);
}

void RoomLog::take(EventPtr event, LogActions& out) {
  target_ = std::max(target_, event->seq);
  if (event->seq != head_.seq.next()) {
    keep_aside(std::move(event));
    return;
  }
  head_.seq = event->seq;
  out.deliver.push_back(std::move(event));
  drain_aside(out);
}

void RoomLog::keep_aside(EventPtr event) {
  const auto bytes = event->data.size();
  const auto seq = event->seq;
  target_ = std::max(target_, seq);
  if (aside_.contains(seq)) return;
  aside_bytes_ += bytes;
  aside_.emplace(seq, std::move(event));
  // The highest go first: the lowest are needed next, and the log has them all.
  while (aside_.size() > options_.aside_events_max || aside_bytes_ > options_.aside_bytes_max) {
    const auto highest = std::prev(aside_.end());
    aside_bytes_ -= highest->second->data.size();
    aside_.erase(highest);
    ++stats_.aside_dropped;
  }
}

void RoomLog::drain_aside(LogActions& out) {
  while (!aside_.empty() && aside_.begin()->first <= head_.seq.next()) {
    EventPtr event = std::move(aside_.begin()->second);
    aside_.erase(aside_.begin());
    aside_bytes_ -= event->data.size();
    if (event->seq <= head_.seq) continue;
    head_.seq = event->seq;
    out.deliver.push_back(std::move(event));
  }
}

LogActions RoomLog::end() {
  LogActions out;
  out.restarted = true;
  over_ = true;
  head_ = {};
  target_ = {};
  aside_.clear();
  phase_ = Phase::idle;
  return out;
}

LogActions& RoomLog::settle(LogActions& out, base::Milliseconds wait) {
  if (!behind()) retry_ = base::Milliseconds(0);
  if (!behind() || phase_ != Phase::idle) return out;
  if (wait == options_.hole_wait) ++stats_.holes;
  if (wait == base::Milliseconds(0)) {
    phase_ = Phase::reading;
    out.read_after = head_.seq;
  } else {
    phase_ = Phase::waiting;
    out.wait = wait;
  }
  return out;
}

base::Milliseconds RoomLog::next_retry() {
  retry_ = std::clamp(retry_ * 2, options_.retry_min, options_.retry_max);
  return retry_;
}

}  // namespace rubricon::gateway
