/// Faults: the world failed, not the request. Thrown by adapters only; caught only by the loop that
/// supervises the work (which retries with backoff) or by the HTTP boundary (which answers 503).
#pragma once

#include <stdexcept>

namespace rubricon::base {

/// A service that we need could not be reached or failed; trying again later may succeed.
/// Whether the work was done is unknown unless the thrower says so.
class Unavailable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A `Deadline` passed before the work was done. Whether it was done is unknown.
class DeadlineExceeded : public Unavailable {
  using Unavailable::Unavailable;
};

}  // namespace rubricon::base
