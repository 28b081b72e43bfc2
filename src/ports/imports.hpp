/// Rows of an older system enter here, once: with their own times, as the same events that our own
/// writes leave, but for nobody who listens: no outbox rows, no questions to the assistant.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/text.hpp>
#include <rubricon/domain/user.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::ports {

/// What remains the same of a row's id here, whatever its time becomes: the bits of a UUIDv7 that
/// are not its time. Made from the old id, so that a repetition finds what it has written.
using ImportMark = std::array<std::uint8_t, 10>;

ImportMark mark_of(const base::Uuid& id);

struct ImportedUser {
  domain::UserId id;
  domain::Email email;
  domain::DisplayName name;
  base::Time created_at;
};

struct UserImport {
  domain::UserId id;  ///< whom the address belongs to
  bool made = false;

  bool operator==(const UserImport&) const = default;
};

struct ImportedChat {
  domain::ChatId id;
  domain::UserId owner;
  domain::ChatTitle title;
  domain::ContextJson context = "{}";
  base::Time created_at;
};

struct ImportedMessage {
  ImportMark mark{};
  domain::MessageRole role = domain::MessageRole::user;
  domain::MessageText content;
  base::Time at;
};

/// Messages in one transaction at most.
inline constexpr std::size_t import_page_max = 500;

/// A chat that is here.
struct ChatImport {
  domain::Seq head;
  bool deleted = false;
  std::vector<ImportMark> marks;  ///< of all messages that it has or had, sorted
};

/// Faults: throws base::Unavailable when the store cannot do it before `deadline`; a write may or
/// may not have been committed then, and a repetition tells.
class Imports {
 public:
  virtual ~Imports() = default;

  virtual base::Task<bool> any_user(base::Deadline deadline) = 0;

  /// Whoever has the address, or the id, is the same person and stays as they are. Otherwise makes
  /// a teacher, who signs in only after a password was set.
  virtual base::Task<UserImport> add_user(ImportedUser user, base::Deadline deadline) = 0;

  /// Memory: ten bytes a message of the chat. Nothing where there is no such chat.
  virtual base::Task<std::optional<ChatImport>> find_chat(domain::ChatId chat,
                                                          base::Deadline deadline) = 0;

  /// Appends the messages in their order, after making the chat where `head` is 0, in one
  /// transaction: message-created each, after chat-created and the owner's chat-added. Each has its
  /// own time, or that of the event before it where that is later, and an id of that time and its
  /// mark. Returns the new head; conflict where the chat does not stand at `head` any more, and
  /// nothing has changed then. The owner has read what is imported if they had read what was there.
  /// At most `import_page_max` messages.
  virtual base::Task<base::Result<domain::Seq>> append(ImportedChat chat, domain::Seq head,
                                                       std::vector<ImportedMessage> messages,
                                                       base::Deadline deadline) = 0;
};

/// What stores share: the account of a teacher who has no password yet.
domain::User account_of(const ImportedUser& user);
/// The messages as rows that follow the newest event of `chat`. Those of people
/// are its owner's. Their `meta` names domain::imported_source.
std::vector<domain::Message> imported_rows(const domain::Chat& chat,
                                           const std::vector<ImportedMessage>& messages);

}  // namespace rubricon::ports
