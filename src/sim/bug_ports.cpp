#include <rubricon/sim/bug_ports.hpp>

#include <rubricon/base/seeded_bug.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::sim {

base::Task<std::vector<ports::OutboxRow>> BugOutbox::claim(std::size_t limit,
                                                           base::Milliseconds lease,
                                                           base::Deadline deadline) {
  auto rows = co_await real_.claim(limit, lease, deadline);
  if (!RUBRICON_SEEDED_BUG(cursor_relay)) co_return rows;
  std::erase_if(rows, [&](const auto& row) { return row.id < cursor_; });
  for (const auto& row : rows) cursor_ = std::max(cursor_, row.id);
  co_return rows;
}

base::Task<base::Result<ports::PostedMessage>> BugMessages::post(ports::PostMessage message,
                                                                 base::Deadline deadline) {
  if (RUBRICON_SEEDED_BUG(publish_before_commit)) {
    return publish_then_post(std::move(message), deadline);
  }
  return real_.post(std::move(message), deadline);
}

/// What a writer would do who wants to be fast: the event is made before the store has agreed.
base::Task<base::Result<ports::PostedMessage>> BugMessages::publish_then_post(
    ports::PostMessage message, base::Deadline deadline) {
  const auto membership = co_await chats_.membership(message.user, message.chat, deadline);
  if (membership) {
    const boost::json::object data = {{"role", "USER"},
                                      {"content", message.content.value()},
                                      {"userId", message.user.to_string()},
                                      {"clientId", message.key ? message.key->value() : ""}};
    const domain::Event event{.stream = domain::StreamId(message.chat),
                              .epoch = membership->head.epoch,
                              .seq = membership->head.seq.next(),
                              .type = domain::EventType::message_created,
                              .at = clock_.now(),
                              .data = boost::json::serialize(data),
                              .audience = {},
                              .trace = message.trace};
    co_await bus_.publish({std::make_shared<const domain::Event>(event)}, deadline);
  }
  co_return co_await real_.post(std::move(message), deadline);
}

}  // namespace rubricon::sim
