/// What may be lost without anybody minding: typing, presence, the text of a running answer.
#pragma once

#include <rubricon/ports/event_bus.hpp>

#include <optional>
#include <string>

namespace rubricon::ports {

/// `payload` is JSON object text, sent as the only argument of the socket event `name`.
struct Ephemeral {
  domain::StreamId room;
  std::string name;  ///< "typing", "presence", "ai-delta", "upload-progress"
  std::string payload;
};

using EphemeralHandler = std::function<void(std::shared_ptr<const Ephemeral>)>;

/// At most once, in order per publisher. Never waits, never throws: what does not fit is dropped
/// and counted.
class EphemeralBus {
 public:
  virtual ~EphemeralBus() = default;

  virtual void publish(Ephemeral message) = 0;
  [[nodiscard]] virtual std::unique_ptr<Subscription> subscribe(EphemeralHandler on_message) = 0;
};

}  // namespace rubricon::ports
