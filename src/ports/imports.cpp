#include <rubricon/ports/imports.hpp>

#include <rubricon/domain/message_source.hpp>

#include <fmt/format.h>
#include <algorithm>

namespace rubricon::ports {

ImportMark mark_of(const base::Uuid& id) {
  ImportMark mark{};
  const auto& bytes = id.bytes();
  std::copy(bytes.end() - mark.size(), bytes.end(), mark.begin());
  return mark;
}

domain::User account_of(const ImportedUser& user) {
  return {.id = user.id,
          .email = user.email.value(),
          .name = user.name.value(),
          .role = domain::UserRole::teacher,
          .locale = domain::Locale::zh_tw,
          .created_at = user.created_at};
}

std::vector<domain::Message> imported_rows(const domain::Chat& chat,
                                           const std::vector<ImportedMessage>& messages) {
  std::vector<domain::Message> rows;
  rows.reserve(messages.size());
  const auto meta = fmt::format(R"({{"source":"{}"}})", domain::imported_source);
  auto seq = chat.last_seq;
  auto at = chat.updated_at;
  for (const auto& message : messages) {
    seq = seq.next();
    at = std::max(at, message.at);
    const bool ai = message.role == domain::MessageRole::ai;
    rows.push_back({.chat = chat.id,
                    .seq = seq,
                    .id = domain::MessageId(base::Uuid::v7(base::unix_ms(at), message.mark)),
                    .role = message.role,
                    .user = ai ? std::nullopt : std::optional(chat.owner),
                    .content = message.content.value(),
                    .reply_to = {},
                    .client_id = {},
                    .meta = meta,
                    .created_at = at,
                    .edited_at = {}});
  }
  return rows;
}

}  // namespace rubricon::ports
