/// Events and positions for the tests of rooms, in few words.
#pragma once

#include <rubricon/gateway/room_log.hpp>

#include <fmt/format.h>

#include <string>
#include <vector>

namespace rubricon::gateway::fixture {

inline const domain::ChatId chat{base::Uuid::v7(1'795'384'115'123, {})};
inline const domain::UserId ann{base::Uuid::v7(1, {})};
inline const domain::UserId bob{base::Uuid::v7(2, {})};

inline domain::Event plain_event(std::int64_t seq, std::int64_t epoch = 1) {
  return {.stream = domain::StreamId(chat),
          .epoch = domain::Epoch(epoch),
          .seq = domain::Seq(seq),
          .type = domain::EventType::message_created,
          .at = base::time_from_unix_ms(seq),
          .data = fmt::format(R"({{"content":"{}"}})", seq),
          .audience = {},
          .trace = {}};
}

inline EventPtr event(std::int64_t seq, std::int64_t epoch = 1) {
  return std::make_shared<const domain::Event>(plain_event(seq, epoch));
}

inline EventPtr removal(std::int64_t seq, domain::UserId user) {
  auto removed = plain_event(seq);
  removed.type = domain::EventType::member_removed;
  removed.data = fmt::format(R"({{"userId":"{}"}})", user.to_string());
  return std::make_shared<const domain::Event>(std::move(removed));
}

inline EventPtr deletion(std::int64_t seq) {
  auto deleted = plain_event(seq);
  deleted.type = domain::EventType::chat_deleted;
  deleted.data = "{}";
  return std::make_shared<const domain::Event>(std::move(deleted));
}

inline domain::Position at(std::int64_t seq, std::int64_t epoch = 1) {
  return {domain::Epoch(epoch), domain::Seq(seq)};
}

/// The events from `first` to `last` of a stream whose head is `head`.
inline ports::EventPage page(std::int64_t first, std::int64_t last, std::int64_t head) {
  ports::EventPage result{at(head), {}};
  for (auto seq = first; seq <= last; ++seq) result.events.push_back(plain_event(seq));
  return result;
}

inline std::vector<std::int64_t> seqs(const std::vector<EventPtr>& events) {
  std::vector<std::int64_t> result;
  for (const auto& e : events) result.push_back(e->seq.value());
  return result;
}

using Seqs = std::vector<std::int64_t>;

}  // namespace rubricon::gateway::fixture
