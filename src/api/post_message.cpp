#include <rubricon/api/post_message.hpp>

#include <rubricon/base/failpoint.hpp>

namespace rubricon::api {

base::Task<base::Result<ports::PostedMessage>> LocalSubmitter::submit(ports::SubmitMessage message,
                                                                      base::Deadline deadline) {
  if (auto allowed = co_await limits_.message(message.sender.user); !allowed) {
    co_return std::unexpected(std::move(allowed.error()));
  }
  auto content = domain::MessageText::parse(message.content);
  if (!content) co_return std::unexpected(std::move(content.error()));
  std::optional<domain::IdempotencyKey> key;
  if (!message.client_id.empty()) {
    auto parsed = domain::IdempotencyKey::parse(message.client_id);
    if (!parsed) co_return std::unexpected(std::move(parsed.error()));
    key = std::move(*parsed);
  }
  const auto chat = domain::ChatId::parse(message.chat_id);
  if (!chat) co_return base::fail(base::ErrorCode::not_found);
  ports::PostMessage post{message.sender.user, *chat, std::move(*content), std::move(key),
                          std::move(message.trace)};
  base::failpoint("api.before_begin");
  auto posted = co_await messages_.post(std::move(post), deadline);
  base::failpoint("api.before_reply");
  co_return posted;
}

}  // namespace rubricon::api
