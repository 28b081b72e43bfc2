/// Chats and their members: lists, single chats, and the changes to them, each of which is an event
/// in the chat's stream written in the same transaction.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/domain/list_cursor.hpp>
#include <rubricon/domain/text.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::ports {

struct NewChat {
  domain::UserId owner;
  domain::ChatTitle title;
  domain::ContextJson context = "{}";
  std::optional<domain::IdempotencyKey> key;
  std::string trace;
};

/// Unread messages are counted up to here: "1000" means that many or more.
inline constexpr std::int64_t unread_max = 1'000;

/// Chats on a page at most; how long a deletion can be undone.
inline constexpr std::size_t chat_page_max = 100;
inline constexpr auto undo_open_for = std::chrono::days(30);

/// One row of a user's list.
struct ChatSummary {
  domain::Chat chat;
  domain::MemberRole role = domain::MemberRole::viewer;
  bool pinned = false;
  domain::Seq last_read;    ///< the user's read mark
  std::int64_t unread = 0;  ///< messages of others after the read mark, at most unread_max
  std::optional<domain::Message> last_message;
};

/// An event that somebody knows to be stored.
struct KnownEvent {
  domain::ChatId chat;
  domain::Seq seq;
};

struct ChatQuery {
  std::size_t limit = 50;  ///< 1..chat_page_max
  std::string cursor;      ///< from the previous page; empty for the first
  std::string search;      ///< words in titles and messages; empty for all
  /// The newest that the caller knows: a copy of the store that has it may say which chats come
  /// first, and has all that was stored before. Without, the list is as of now.
  std::optional<KnownEvent> newest_known{};
};

/// Where the page begins; invalid/"bad_cursor" where the query's cursor is not one of ours.
base::Result<domain::ListCursor> cursor_of(const ChatQuery& query);
/// 1..chat_page_max.
std::size_t limit_of(const ChatQuery& query);

struct ChatPage {
  std::vector<ChatSummary> chats;  ///< pinned ones first, then newest change first
  std::string next_cursor;         ///< empty at the end
};

/// A chat as its page needs it, but for its messages (recent_messages.hpp). All of one instant.
struct ChatView {
  ChatSummary summary;
  std::vector<domain::Member> members;
  std::optional<std::string> rubric;  ///< JSON object text of RubricRecord's document
  domain::RubricVersion rubric_version;
  domain::Seq rubric_answered{};  ///< as RubricRecord::answered
};

/// Where a chat stands for one of its members. What a list shows of the chat follows from it, since
/// every change to a chat is an event.
struct ChatState {
  domain::ChatId chat;
  domain::Position head;
  base::Time updated_at;
  domain::MemberRole role = domain::MemberRole::viewer;
  bool pinned = false;
  domain::Seq last_read;

  bool operator==(const ChatState&) const = default;
};

/// What a page of a list follows from.
struct ListState {
  std::vector<ChatState> chats;
  bool more = false;  ///< there is a next page

  bool operator==(const ListState&) const = default;
};

/// What a view and the chat's messages follow from. Members' names are no events of the chat.
struct ViewState {
  ChatState chat;
  std::vector<domain::Member> members;

  bool operator==(const ViewState&) const = default;
};

/// That of the page which begins after this line.
std::string cursor_after(const ChatSummary& last);

ChatState state_of(const ChatSummary& summary);
ListState state_of(const ChatPage& page);
ViewState state_of(const ChatView& view);

struct ChatPatch {
  std::optional<domain::ChatTitle> title;
  std::optional<domain::ContextJson> context;
  std::optional<bool> pinned;  ///< of this user only: no event
};

/// What a join needs: the right, and where the stream stands.
struct Membership {
  domain::MemberRole role;
  domain::Position head;
};

struct Head {
  domain::StreamId stream;
  domain::Position head;
};

/// What those may ask who only bring chats to people: nothing here changes anything. Whoever is not
/// a member gets not_found, never forbidden: other people's chats do not exist; nor do deleted
/// ones. Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class ChatReader {
 public:
  virtual ~ChatReader() = default;

  virtual base::Task<base::Result<Membership>> membership(domain::UserId user, domain::ChatId chat,
                                                          base::Deadline deadline) = 0;
  /// One line of the list. One statement.
  virtual base::Task<base::Result<ChatSummary>> summary(domain::UserId user, domain::ChatId chat,
                                                        base::Deadline deadline) = 0;
  /// Current heads of many streams, of one instant and in one statement; unknown streams are left
  /// out, those of deleted chats are not. In no particular order.
  virtual base::Task<std::vector<Head>> heads(std::vector<domain::StreamId> streams,
                                              base::Deadline deadline) = 0;
};

/// Membership and faults as for ChatReader; deleted chats are not_found for everything but
/// `restore`.
class ChatStore : public ChatReader {
 public:
  /// Event 1 is chat-created {title, context, userId, at}; the owner's user stream gets chat-added
  /// {chatId, role}. The same key with the same title and context answers the chat of the first
  /// time; with others, idempotency_mismatch. not_found where there is no such owner.
  virtual base::Task<base::Result<domain::Chat>> create(NewChat chat, base::Deadline deadline) = 0;
  /// invalid/"bad_cursor" where the cursor is not one of ours. At most two statements whatever the
  /// limit. A chat matches a search where each word (domain/search_terms.hpp) is in its title or in
  /// one of its messages.
  virtual base::Task<base::Result<ChatPage>> list(domain::UserId user, ChatQuery query,
                                                  base::Deadline deadline) = 0;
  virtual base::Task<base::Result<ChatView>> view(domain::UserId user, domain::ChatId chat,
                                                  base::Deadline deadline) = 0;
  /// `state_of` what `list` and `view` would answer now, for much less: whoever has kept an answer
  /// sees whether it still holds. Never of an older instant than the question.
  virtual base::Task<base::Result<ListState>> list_state(domain::UserId user, ChatQuery query,
                                                         base::Deadline deadline) = 0;
  virtual base::Task<base::Result<ViewState>> view_state(domain::UserId user, domain::ChatId chat,
                                                         base::Deadline deadline) = 0;
  /// Title and context need an editor: chat-renamed {title, context, userId}. A change to the same
  /// value makes no event.
  virtual base::Task<base::Result<ChatSummary>> update(domain::UserId user, domain::ChatId chat,
                                                       ChatPatch patch,
                                                       base::Deadline deadline) = 0;
  /// Soft delete and its undo, owners only: chat-deleted {userId}, chat-restored {userId}; members'
  /// user streams get chat-removed / chat-added. The undo is open for `undo_open_for`; undoing what
  /// is not deleted changes nothing.
  virtual base::Task<base::Result<void>> remove(domain::UserId user, domain::ChatId chat,
                                                base::Deadline deadline) = 0;
  virtual base::Task<base::Result<void>> restore(domain::UserId user, domain::ChatId chat,
                                                 base::Deadline deadline) = 0;
  /// Moves the user's read mark forward, never back, at most to the head. No event.
  virtual base::Task<base::Result<void>> mark_read(domain::UserId user, domain::ChatId chat,
                                                   domain::Seq seq, base::Deadline deadline) = 0;

  virtual base::Task<base::Result<std::vector<domain::Member>>> members(
      domain::UserId user, domain::ChatId chat, base::Deadline deadline) = 0;
  /// Owners only. Adds, or changes the role of, the user with that address (not_found/
  /// "user_not_found"): member-added {userId, name, email, role}, chat-added in their user stream;
  /// nothing where they have that role already. conflict/"last_owner" where nobody would own it,
  /// conflict/"too_many_members" beyond domain::members_max.
  virtual base::Task<base::Result<domain::Member>> add_member(domain::UserId actor,
                                                              domain::ChatId chat,
                                                              domain::Email email,
                                                              domain::MemberRole role,
                                                              base::Deadline deadline) = 0;
  /// Owners remove anybody, everybody may leave: member-removed {userId}; chat-removed in theirs.
  /// conflict/"last_owner" for the last owner.
  virtual base::Task<base::Result<void>> remove_member(domain::UserId actor, domain::ChatId chat,
                                                       domain::UserId member,
                                                       base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
