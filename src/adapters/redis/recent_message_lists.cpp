#include <rubricon/redis/recent_message_lists.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/domain/message_data.hpp>
#include <rubricon/redis/scripts.hpp>

#include <fmt/format.h>

#include <utility>

namespace rubricon::redis {
namespace {

std::string key_of(domain::ChatId chat) {
  return "chat:" + chat.to_string() + ":messages";
}

std::string ttl() {
  return std::to_string(ports::recent_messages_kept.count());
}

/// nullopt where an element is none of ours.
std::optional<ports::RecentPage> read_page(domain::ChatId chat, const Reply& reply) {
  if (!reply.list()) return std::nullopt;
  ports::RecentPage page;
  for (const auto& element : *reply.list()) {
    if (!element.text()) return std::nullopt;
    auto message = domain::parse_message_data(chat, *element.text());
    if (!message) return std::nullopt;
    page.push_back(std::move(*message));
  }
  return page;
}

/// What `recent_apply` is to do with an event: its fifth word and those after it.
std::vector<std::string> change_of(const domain::Event& event, domain::ChatId chat) {
  using enum domain::EventType;
  if (event.type == message_updated || event.type == message_deleted) return {"forget", "", ""};
  if (event.type != message_created) return {"advance", "", ""};
  const auto message = domain::parse_message_data(chat, event.data, event.seq);
  if (!message) return {"forget", "", ""};
  return {"append", fmt::format(R"({{"id":"{}")", message->id.to_string()),
          domain::message_data(*message)};
}

}  // namespace

RecentMessageLists::RecentMessageLists(Connection& connection)
    : read_(connection, scripts::recent_read),
      keep_(connection, scripts::recent_keep),
      apply_(connection, scripts::recent_apply) {}

base::Task<base::Result<ports::RecentPage>> RecentMessageLists::read(domain::ChatId chat,
                                                                     domain::Position head,
                                                                     ports::RecentFill fill,
                                                                     base::Deadline deadline) {
  if (auto page = co_await find(chat, head, deadline)) co_return std::move(*page);
  co_return co_await flights_.run(
      Key{chat, head.epoch, head.seq},
      [this, chat, head, fill, deadline] { return filled(chat, head, fill, deadline); }, deadline);
}

base::Task<base::Result<ports::RecentPage>> RecentMessageLists::filled(domain::ChatId chat,
                                                                       domain::Position head,
                                                                       ports::RecentFill fill,
                                                                       base::Deadline deadline) {
  auto page = co_await fill();
  if (page) co_await keep(chat, head, *page, deadline);
  co_return page;
}

base::Task<std::optional<ports::RecentPage>> RecentMessageLists::find(domain::ChatId chat,
                                                                      domain::Position head,
                                                                      base::Deadline deadline) {
  try {
    const auto position = fmt::format("{}:{}", head.epoch.value(), head.seq.value());
    const auto reply = co_await read_.run({key_of(chat)}, {position}, deadline);
    co_return read_page(chat, reply);
  } catch (const base::Unavailable&) {
    co_return std::nullopt;  // counted by the connection; the store knows
  }
}

base::Task<void> RecentMessageLists::keep(domain::ChatId chat, domain::Position head,
                                          ports::RecentPage page, base::Deadline deadline) {
  std::vector<std::string> words{std::to_string(head.epoch.value()),
                                 std::to_string(head.seq.value()), ttl()};
  for (const auto& message : page) words.push_back(domain::message_data(message));
  try {
    co_await keep_.run({key_of(chat)}, std::move(words), deadline);
  } catch (const base::Unavailable&) {
    // Counted by the connection. The next one who asks reads the store again.
  }
}

base::Task<void> RecentMessageLists::apply(std::shared_ptr<const domain::Event> event,
                                           base::Deadline deadline) {
  const auto chat = event->stream.chat();
  if (!chat) co_return;
  std::vector<std::string> words{std::to_string(event->epoch.value()),
                                 std::to_string(event->seq.value()), ttl(),
                                 std::to_string(ports::recent_messages_max)};
  for (auto& word : change_of(*event, *chat)) words.push_back(std::move(word));
  co_await apply_.run({key_of(*chat)}, std::move(words), deadline);
}

}  // namespace rubricon::redis
