/// How a model fails, so that whoever asks it can tell a throttle from an outage, and knows whether
/// the teacher has seen something of the answer already.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/base/time.hpp>

#include <optional>
#include <string>

namespace rubricon::ports {

/// What was handed to the DeltaHandler before the fault.
enum class AiDelivered { nothing, some };

class AiFault : public base::Unavailable {
 public:
  AiFault(const std::string& why, AiDelivered delivered)
      : base::Unavailable(why), delivered_(delivered) {}
  bool token_delivered() const { return delivered_ == AiDelivered::some; }

 private:
  AiDelivered delivered_;
};

/// It is asked too often: no sign of ill health.
class AiThrottled final : public AiFault {
 public:
  AiThrottled(const std::string& why, std::optional<base::Milliseconds> retry_after,
              AiDelivered delivered = AiDelivered::nothing)
      : AiFault(why, delivered), retry_after_(retry_after) {}
  /// As it says itself, at most an hour; nothing where it does not say.
  std::optional<base::Milliseconds> retry_after() const { return retry_after_; }

 private:
  std::optional<base::Milliseconds> retry_after_;
};

/// Not reached, failed, too slow, or cut off in the middle.
class AiAway final : public AiFault {
  using AiFault::AiFault;
};

/// What came cannot be read as an answer, or is too much of one.
class AiMalformed final : public AiFault {
  using AiFault::AiFault;
};

}  // namespace rubricon::ports
