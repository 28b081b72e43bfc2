/// Bugs put in on purpose, to prove that the simulation finds them. They exist in the program
/// `sim_bugs` only: everywhere else `RUBRICON_SEEDED_BUG(name)` is the constant false.
#pragma once

#ifdef RUBRICON_SEEDED_BUGS

namespace rubricon::base {

enum class SeededBug {
  none,
  cursor_relay,           ///< the outbox is read past with a cursor over ids
  skip_on_timeout,        ///< the gateway goes on without what a hole hides
  publish_before_commit,  ///< the broker hears of a message that may never be stored
  lost_wake_up,           ///< the relay works when poked, and never looks by itself
  double_answer,          ///< a worker's answer is stored whoever holds the lease
  stale_epoch,            ///< a position of another epoch is taken for one of this
  deaf_to_revocations,    ///< nobody is told that a session has ended
  job_not_stored,         ///< now and then a question is stored without its job
};

inline SeededBug seeded_bug = SeededBug::none;

}  // namespace rubricon::base

#define RUBRICON_SEEDED_BUG(name) \
  (::rubricon::base::seeded_bug == ::rubricon::base::SeededBug::name)

#else

#define RUBRICON_SEEDED_BUG(name) false

#endif
