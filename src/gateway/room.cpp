#include <rubricon/gateway/room.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/seeded_bug.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace rubricon::gateway {

RoomActions Room::join(SubscriberId who, domain::UserId user, JoinFrom from) {
  RUBRICON_ASSERT(!joiners_.contains(who));
  RUBRICON_ASSERT(!live_.contains(who));
  joiners_.emplace(who, Joiner{.user = user, .from = from});
  return {Authorise{who}};
}

RoomActions Room::authorised(SubscriberId who, domain::Position head) {
  RoomActions out;
  if (!find(who, Stage::authorising)) return out;
  perform(log_.opened() ? log_.checked(head) : log_.open(head), out);
  Joiner* joiner = find(who, Stage::authorising);
  if (!joiner) return out;  // the stream began anew: everybody was sent away
  if (head.epoch != log_.head().epoch) {
    begin_again(joiners_.find(who), out);
    return out;
  }
  joiner->authorised_at = head;
  joiner->cursor = head.seq;
  if (RUBRICON_SEEDED_BUG(stale_epoch)) joiner->from.epoch = head.epoch;
  const auto& from = joiner->from;
  if (!from.after || (*from.after == head.seq && from.epoch.value_or(head.epoch) == head.epoch)) {
    finish(who, Resync::no, out);
  } else if (from.epoch.value_or(head.epoch) != head.epoch || *from.after > head.seq ||
             head.seq.value() - from.after->value() >
                 static_cast<std::int64_t>(options_.replay_events_max)) {
    finish(who, Resync::yes, out);
  } else {
    joiner->stage = Stage::reading;
    joiner->cursor = *from.after;
    out.emplace_back(ReadReplay{who, *from.after});
  }
  return out;
}

RoomActions Room::replay_read(SubscriberId who, const ports::EventPage& page) {
  RoomActions out;
  Joiner* joiner = find(who, Stage::reading);
  if (!joiner) return out;
  if (page.head.epoch != joiner->authorised_at.epoch) {
    begin_again(joiners_.find(who), out);
    return out;
  }
  std::size_t bytes = 0;
  for (const auto& event : page.events) {
    if (event.seq != joiner->cursor.next()) break;
    bytes += event.data.size();
    joiner->cursor = event.seq;
    joiner->missed.push_back(std::make_shared<const domain::Event>(event));
  }
  const auto missed = joiner->missed;
  // What is read for one is news to the others too, if the broker has not brought it yet.
  for (const auto& event : missed) perform(log_.learned(event), out);
  joiner = find(who, Stage::reading);
  RUBRICON_ASSERT(joiner);
  const bool all =
      joiner->cursor >= joiner->authorised_at.seq && bytes <= options_.replay_bytes_max;
  if (!all) {
    joiner->missed.clear();
    joiner->cursor = joiner->authorised_at.seq;
  }
  finish(who, all ? Resync::no : Resync::yes, out);
  return out;
}

RoomActions Room::refused(SubscriberId who, base::Error error) {
  RoomActions out;
  if (joiners_.erase(who) > 0) out.emplace_back(Refuse{who, std::move(error)});
  return out;
}

RoomActions Room::leave(SubscriberId who) {
  joiners_.erase(who);
  live_.erase(who);
  return {};
}

RoomActions Room::arrived(EventPtr event) {
  RoomActions out;
  perform(log_.arrived(std::move(event)), out);
  return out;
}

RoomActions Room::waited() {
  RoomActions out;
  perform(log_.waited(), out);
  return out;
}

RoomActions Room::hole_read(const ports::EventPage& page) {
  RoomActions out;
  perform(log_.read(page), out);
  return out;
}

RoomActions Room::hole_failed() {
  RoomActions out;
  perform(log_.read_failed(), out);
  return out;
}

RoomActions Room::checked(domain::Position head) {
  RoomActions out;
  perform(log_.checked(head), out);
  return out;
}

void Room::perform(LogActions log, RoomActions& out) {
  if (log.restarted) {
    Restart restart;
    for (const auto& [who, joiner] : joiners_) restart.all.push_back(who);
    for (const auto& [who, user] : live_) restart.all.push_back(who);
    joiners_.clear();
    live_.clear();
    out.emplace_back(std::move(restart));
    return;
  }
  for (const auto& event : log.deliver) deliver(event, out);
  for (auto at = joiners_.begin(); at != joiners_.end();) {
    const bool caught = at->second.stage == Stage::ahead && at->second.cursor == log_.head().seq;
    if (caught) {
      live_.emplace(at->first, at->second.user);
      out.emplace_back(GoLive{at->first});
    }
    at = caught ? joiners_.erase(at) : std::next(at);
  }
  if (log.wait) out.emplace_back(Wait{*log.wait});
  if (log.read_after) out.emplace_back(ReadHole{*log.read_after});
}

void Room::deliver(const EventPtr& event, RoomActions& out) {
  const ShutOut shut = shut_out(*event);
  if (!live_.empty()) out.emplace_back(Broadcast{event});
  for (auto at = joiners_.begin(); at != joiners_.end();) {
    Joiner& joiner = at->second;
    bool evicted = false;
    if (joiner.stage != Stage::ahead) {
      keep_waiting(joiner, event);
    } else if (event->seq == joiner.cursor.next()) {
      joiner.cursor = event->seq;
      out.emplace_back(SendTo{at->first, event});
      evicted = shut.concerns(joiner.user);
      if (evicted) out.emplace_back(Evict{at->first});
    }
    at = evicted ? joiners_.erase(at) : std::next(at);
  }
  if (shut.whom == ShutOut::Whom::nobody) return;
  std::erase_if(live_, [&](const auto& subscriber) {
    const bool evicted = shut.concerns(subscriber.second);
    if (evicted) out.emplace_back(Evict{subscriber.first});
    return evicted;
  });
}

void Room::finish(SubscriberId who, Resync resync, RoomActions& out) {
  const auto at = joiners_.find(who);
  Joiner& joiner = at->second;
  // Events between the joiner and the room that nobody kept: a full buffer, or a store that is
  // behind the broker.
  if (!take_waiting(joiner) || joiner.cursor < log_.head().seq) {
    begin_again(at, out);
    return;
  }
  bool evicted = false;
  for (std::size_t i = 0; i < joiner.missed.size() && !evicted; ++i) {
    // What happened before the store let it in does not shut it out.
    if (joiner.missed[i]->seq <= joiner.authorised_at.seq) continue;
    evicted = shut_out(*joiner.missed[i]).concerns(joiner.user);
    if (evicted) joiner.missed.resize(i + 1);
  }
  out.emplace_back(Joined{who, joiner.authorised_at, resync, std::move(joiner.missed)});
  if (evicted) {
    out.emplace_back(Evict{who});
  } else if (joiner.cursor > log_.head().seq) {
    joiner.missed.clear();
    joiner.stage = Stage::ahead;
    return;
  } else {
    live_.emplace(who, joiner.user);
    out.emplace_back(GoLive{who});
  }
  joiners_.erase(at);
}

void Room::keep_waiting(Joiner& joiner, const EventPtr& event) const {
  if (joiner.overflowed || event->seq <= joiner.cursor) return;
  joiner.waiting_bytes += event->data.size();
  joiner.overflowed = joiner.waiting.size() >= options_.waiting_events_max ||
                      joiner.waiting_bytes > options_.waiting_bytes_max;
  if (joiner.overflowed) {
    joiner.waiting.clear();
  } else {
    joiner.waiting.push_back(event);
  }
}

/// False where an event is missing in between.
bool Room::take_waiting(Joiner& joiner) const {
  if (joiner.overflowed) return false;
  for (auto& event : std::exchange(joiner.waiting, {})) {
    if (event->seq <= joiner.cursor) continue;
    if (event->seq != joiner.cursor.next()) return false;
    joiner.cursor = event->seq;
    joiner.missed.push_back(std::move(event));
  }
  return true;
}

void Room::begin_again(Joiners::iterator at, RoomActions& out) {
  const SubscriberId who = at->first;
  Joiner& joiner = at->second;
  if (++joiner.restarts > options_.restarts_max) {
    joiners_.erase(at);
    out.emplace_back(
        Refuse{who, base::Error{base::ErrorCode::unavailable, "the room is too busy to join"}});
    return;
  }
  const int restarts = joiner.restarts;
  joiner = Joiner{.user = joiner.user, .from = joiner.from, .restarts = restarts};
  out.emplace_back(Authorise{who});
}

Room::Joiner* Room::find(SubscriberId who, Stage stage) {
  const auto at = joiners_.find(who);
  return at != joiners_.end() && at->second.stage == stage ? &at->second : nullptr;
}

ShutOut shut_out(const domain::Event& event) {
  if (event.type == domain::EventType::chat_deleted) return {ShutOut::Whom::everybody, {}};
  if (event.type != domain::EventType::member_removed) return {};
  boost::system::error_code failed;
  const auto data = boost::json::parse(event.data, failed);
  const auto* object = failed ? nullptr : data.if_object();
  const auto* id = object ? object->if_contains("userId") : nullptr;
  const auto* text = id ? id->if_string() : nullptr;
  const auto user = text ? domain::UserId::parse(*text) : std::nullopt;
  // An event that says a member is gone and not who is our own mistake: nobody stays on a guess.
  if (!user) return {ShutOut::Whom::everybody, {}};
  return {ShutOut::Whom::one, *user};
}

}  // namespace rubricon::gateway
