/// What happened in a run, as those outside saw it, and what the store held at its end. Plain
/// values with readable names ("chat-1", "ann/2"), whatever drove the run.
#pragma once

#include <rubricon/base/time.hpp>

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rubricon::history {

/// Since the beginning of the run.
using At = base::Milliseconds;

/// A message that somebody wanted stored: all attempts with one key, until one was answered.
struct Write {
  enum class Outcome { ok, refused, unknown };

  std::string who;
  std::string chat;
  std::string key;  ///< unique to `who`
  At invoked{};
  At ended{};
  Outcome outcome = Outcome::unknown;
  int attempts = 1;
  std::int64_t seq = 0;  ///< as answered, where ok
};

/// An event that a subscriber applied, after its own sync layer.
struct Applied {
  std::string who;
  std::string chat;
  std::int64_t epoch = 0;
  std::int64_t seq = 0;
  std::string content;  ///< a digest, equal where the events are
  At at{};
  std::uint64_t order = 0;  ///< among Applied and Snapshot of the run
};

/// A whole chat, read anew: from here on the subscriber applies what follows `head`.
struct Snapshot {
  std::string who;
  std::string chat;
  std::int64_t epoch = 0;
  std::int64_t head = 0;
  std::map<std::int64_t, std::string> messages;  ///< text by seq: the newest, without a hole
  At at{};
  std::uint64_t order = 0;
};

/// A sequenced event on a subscriber's socket, in one stay in a room, whose join was acknowledged
/// as going on after (`from_epoch`, `after`).
struct Heard {
  std::string who;
  std::string chat;
  std::uint64_t stay = 0;
  std::int64_t from_epoch = 1;
  std::int64_t after = 0;
  std::int64_t epoch = 1;
  std::int64_t seq = 0;
  At at{};
};

/// The text of an answer in progress, as far as a subscriber had put it together. `marks` are the
/// different calls of the AI that its pieces came from.
struct Partial {
  std::string who;
  std::string job;
  int attempt = 0;
  std::vector<std::string> marks;
  At at{};
};

struct Subscriber {
  std::string who;
  std::string user;
  std::string session;
  /// Online at the end, with a valid session: must be level in every chat it follows and is a
  /// member of.
  bool here = true;
  std::vector<std::string> chats;
};

struct Revocation {
  std::string session;
  At at{};
  /// How long news may take to get to the sockets: 2 s, longer where the way was cut meanwhile.
  base::Milliseconds allowance{2'000};
};

/// One row of the log.
struct Event {
  enum class Kind { message, answer, answer_failed, member_added, member_removed, other };

  std::int64_t epoch = 0;
  std::int64_t seq = 0;
  Kind kind = Kind::other;
  bool asks = false;    ///< a message that the assistant has to answer
  std::string content;  ///< a digest, as in Applied
  At at{};
  std::string user;                ///< the author, or the member added or removed
  std::string key;                 ///< of a message
  std::string text;                ///< of a message or an answer
  std::int64_t reply_to = 0;       ///< the prompt of an answer or failure
  std::vector<std::string> marks;  ///< of an answer: see Partial
};

struct Chat {
  std::int64_t epoch = 0;
  std::int64_t last_seq = 0;
  std::vector<Event> events;    ///< as stored, by seq
  std::int64_t gone_until = 0;  ///< events 1 to here were taken out of the store
};

/// The promise of an answer.
struct Job {
  std::string chat;
  std::int64_t prompt = 0;
  int variant = 0;
  enum class State { open, done, failed, cancelled } state = State::open;
};

/// The store, after everything was given time to come to rest.
struct Store {
  std::map<std::string, Chat> chats;
  std::vector<Job> jobs;
  std::size_t outbox_rows = 0;
  /// Questions that the store lists as given up, to be asked again by people. By the log, those
  /// whose last end is a failure.
  std::size_t dead_jobs = 0;
  std::size_t dead_jobs_expected = 0;
};

/// A place in a chat's log.
struct Head {
  std::int64_t epoch = 0;
  std::int64_t seq = 0;

  auto operator<=>(const Head&) const = default;
};

struct History {
  std::vector<Subscriber> subscribers;
  std::vector<Write> writes;
  std::vector<Applied> applied;
  std::vector<Snapshot> snapshots;
  std::vector<Heard> heard;
  std::vector<Partial> partials;
  std::vector<Revocation> revocations;
  Store store;
  /// When the last fault ended, and where each chat stood then.
  At healed{};
  std::map<std::string, Head> heads_when_healed;
  /// Within this everybody who is here must be level again.
  base::Milliseconds recovery_max{60'000};
};

}  // namespace rubricon::history
