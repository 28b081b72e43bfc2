#include <rubricon/socketio/token_bucket.hpp>

#include <algorithm>
#include <chrono>

namespace rubricon::socketio {

bool TokenBucket::take(const Rate& rate, base::Instant now) {
  if (rate.per_second == 0) return true;
  const std::chrono::duration<float> passed = now - at_;
  used_ = std::max(0.0F, used_ - passed.count() * static_cast<float>(rate.per_second));
  at_ = now;
  const float size = static_cast<float>(std::max<std::uint32_t>(rate.burst, 1));
  if (used_ + 1 > size) return false;
  used_ += 1;
  return true;
}

}  // namespace rubricon::socketio
