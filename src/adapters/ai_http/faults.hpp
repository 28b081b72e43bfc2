/// How a model fails, so that whoever stands above can tell a throttle from an outage, and knows
/// whether the teacher has seen something of the answer already.
///
/// A request that the endpoint refuses (4xx) is no fault: AiClient::answer gives it back as an
/// error with the reason "ai_refused".
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/base/time.hpp>

#include <optional>
#include <string>

namespace rubricon::ai_http {

/// What was delivered to the caller's DeltaHandler before the fault.
enum class Delivered { nothing, some };

class ModelFault : public base::Unavailable {
 public:
  ModelFault(const std::string& why, Delivered delivered)
      : base::Unavailable(why), delivered_(delivered) {}
  bool token_delivered() const { return delivered_ == Delivered::some; }

 private:
  Delivered delivered_;
};

/// Status 429: not a sign of ill health.
class ModelThrottled final : public ModelFault {
 public:
  ModelThrottled(const std::string& why, std::optional<base::Milliseconds> retry_after,
                 Delivered delivered = Delivered::nothing)
      : ModelFault(why, delivered), retry_after_(retry_after) {}
  /// As the server asks, at most an hour; nothing where it does not say.
  std::optional<base::Milliseconds> retry_after() const { return retry_after_; }

 private:
  std::optional<base::Milliseconds> retry_after_;
};

/// Not reached, 5xx, too slow, or cut off in the middle.
class ModelUnavailable final : public ModelFault {
  using ModelFault::ModelFault;
};

/// What came is no chat completion, or too much of one.
class ModelMalformed final : public ModelFault {
  using ModelFault::ModelFault;
};

}  // namespace rubricon::ai_http
