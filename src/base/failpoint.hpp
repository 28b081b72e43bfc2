/// Named places where a test makes the world go wrong: the process dies (`kill`), the next call
/// fails (`throw`), or everything stands still for a while (`pause`). Builds without
/// RUBRICON_FAILPOINTS, as a release is, have none of it: the call below is empty.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace rubricon::base {

/// In the order in which a message passes them. Only where somebody catches what is thrown may a
/// test throw.
struct FailpointPlace {
  std::string_view name;
  bool may_throw;
};

inline constexpr std::array failpoint_places = {
    FailpointPlace{"migrate.mid", true},
    FailpointPlace{"api.before_begin", true},
    FailpointPlace{"api.after_idem", true},
    FailpointPlace{"api.after_seq", true},
    FailpointPlace{"api.before_commit", true},  // of any transaction that writes an event
    FailpointPlace{"api.after_commit", false},
    FailpointPlace{"api.before_reply", true},
    FailpointPlace{"relay.after_select", true},
    FailpointPlace{"relay.after_publish", true},
    FailpointPlace{"relay.before_delete", true},
    FailpointPlace{"gateway.before_ready", true},  // each attempt to learn what was revoked
    FailpointPlace{"gateway.after_consume", false},
    FailpointPlace{"gateway.mid_fanout", false},  // one socket has a broadcast, the next has not
    FailpointPlace{"gateway.mid_join", false},
    FailpointPlace{"worker.after_claim", true},
    FailpointPlace{"worker.mid_stream", true},
    FailpointPlace{"worker.before_answer_commit", true},
    FailpointPlace{"worker.after_answer_commit", true},
};

/// A name of the list above; anything else does not compile.
class FailpointName {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): spelt as text where it is passed
  consteval FailpointName(const char* name) : index_(find(name)) {}
  constexpr std::size_t index() const { return index_; }

 private:
  static consteval std::size_t find(std::string_view name) {
    for (std::size_t i = 0; i < failpoint_places.size(); ++i) {
      if (failpoint_places[i].name == name) return i;
    }
    throw "there is no such failpoint";
  }

  std::size_t index_;
};

#ifdef RUBRICON_FAILPOINTS
inline constexpr bool failpoints_built_in = true;

/// What is wrong with `text` in a sentence that lists what is allowed; empty where nothing is.
/// "api.after_commit:kill@7,relay.before_delete:pause=200@1,worker.mid_stream:throw": the action
/// is taken at the n-th pass, the first one where no n is given, and at no other.
std::string failpoint_mistake(std::string_view text);

/// Arms what `text` says, and disarms everything else. `text` has no mistake. Called before other
/// threads run.
void arm_failpoints(std::string_view text);

/// Passes a place. From any thread. Throws Unavailable where it was told to.
void failpoint(FailpointName name);
#else
inline constexpr bool failpoints_built_in = false;

inline void failpoint(FailpointName) {}
#endif

}  // namespace rubricon::base
