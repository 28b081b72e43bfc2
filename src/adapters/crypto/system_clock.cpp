#include <rubricon/crypto/system_clock.hpp>

namespace rubricon::crypto {

base::Time SystemClock::now() const {
  return std::chrono::floor<base::Milliseconds>(std::chrono::system_clock::now());
}

base::Instant SystemClock::monotonic() const {
  return std::chrono::steady_clock::now();
}

}  // namespace rubricon::crypto
