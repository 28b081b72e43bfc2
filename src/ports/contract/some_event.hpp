/// For tests of whatever carries events.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/domain/event.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace rubricon::ports::contract {

/// Every member of it has a value, and text that is not ASCII.
inline std::shared_ptr<const domain::Event> some_event(std::int64_t seq) {
  domain::Event event{.stream = domain::StreamId(domain::ChatId(base::Uuid::v7(1, {}))),
                      .epoch = domain::Epoch(1),
                      .seq = domain::Seq(seq),
                      .type = domain::EventType::message_created,
                      .at = base::time_from_unix_ms(1000),
                      .data = R"({"content":"評分"})",
                      .audience = {domain::UserId(base::Uuid::v7(2, {}))},
                      .trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"};
  return std::make_shared<const domain::Event>(std::move(event));
}

inline base::Deadline no_deadline() {
  return base::Deadline::at(base::Instant::max());
}

}  // namespace rubricon::ports::contract
