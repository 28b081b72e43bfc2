#include <rubricon/projection/chat_projection.hpp>

#include <fmt/format.h>
#include <boost/json.hpp>

namespace rubricon::projection {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using domain::EventType;
using ports::StoredChat;

/// Thrown within this file where an event's data is not what its type says.
struct Unreadable {
  std::string why;
};

/// The data of one event, field by field.
class Fields {
 public:
  explicit Fields(const std::string& data) {
    boost::system::error_code error;
    auto value = json::parse(data, error);
    if (error || !value.is_object()) throw Unreadable{"its data is no JSON object"};
    object_ = std::move(value.as_object());
  }

  bool has(const char* name) const { return object_.contains(name); }
  std::string text(const char* name) const {
    const auto* value = object_.if_contains(name);
    if (value == nullptr || !value->is_string()) throw Unreadable{missing(name)};
    return std::string(value->as_string());
  }
  std::string text_or(const char* name, const char* fallback) const {
    return has(name) ? text(name) : fallback;
  }
  std::string document(const char* name) const {
    const auto* value = object_.if_contains(name);
    if (value == nullptr || !value->is_object()) throw Unreadable{missing(name)};
    return json::serialize(*value);
  }
  std::int64_t number(const char* name) const {
    const auto* value = object_.if_contains(name);
    if (value == nullptr || !value->is_int64()) throw Unreadable{missing(name)};
    return value->as_int64();
  }
  base::Time time(const char* name) const {
    const auto parsed = base::parse_time(text(name));
    if (!parsed) throw Unreadable{missing(name)};
    return *parsed;
  }
  template <typename Id>
  Id id(const char* name) const {
    const auto parsed = Id::parse(text(name));
    if (!parsed) throw Unreadable{missing(name)};
    return *parsed;
  }
  std::optional<domain::UserId> user() const {
    return has("userId") ? std::optional(id<domain::UserId>("userId")) : std::nullopt;
  }

 private:
  static std::string missing(const char* name) {
    return fmt::format("its field {} is missing or of the wrong type", name);
  }

  json::object object_;
};

domain::MessageRole author_of(const Fields& fields, const char* name) {
  const auto role = domain::parse_message_role(fields.text(name));
  if (!role) throw Unreadable{"its author is neither USER nor AI"};
  return *role;
}

domain::Message read_message(domain::ChatId chat, domain::Seq seq, const Fields& fields) {
  domain::Message message{.chat = chat,
                          .seq = seq,
                          .id = fields.id<domain::MessageId>("id"),
                          .role = author_of(fields, "role"),
                          .user = fields.user(),
                          .content = fields.text("content"),
                          .reply_to = {},
                          .client_id = fields.text_or("clientId", ""),
                          .created_at = fields.time("time"),
                          .edited_at = {}};
  if (fields.has("replyTo")) message.reply_to = domain::Seq(fields.number("replyTo"));
  if (fields.has("meta")) message.meta = fields.document("meta");
  return message;
}

ports::RubricRecord read_rubric(const Fields& fields) {
  return {.version = domain::RubricVersion(fields.number("version")),
          .document = fields.document("rubric"),
          .by = author_of(fields, "by"),
          .user = fields.user(),
          .updated_at = fields.time("at"),
          .answered = domain::Seq(fields.has("answered") ? fields.number("answered") : 0)};
}

/// Equal as JSON: the store may write the same document with other spaces or escapes.
bool same_json(const std::string& one, const std::string& other) {
  boost::system::error_code error;
  const auto left = json::parse(one, error);
  if (error) return one == other;
  const auto right = json::parse(other, error);
  return !error && left == right;
}

bool same(const domain::Message& one, const domain::Message& other) {
  auto left = one;
  left.meta = other.meta;
  return left == other && same_json(one.meta, other.meta);
}

bool same(const ports::RubricRecord& one, const ports::RubricRecord& other) {
  return one.version == other.version && one.by == other.by && one.user == other.user &&
         one.updated_at == other.updated_at && one.answered == other.answered &&
         same_json(one.document, other.document);
}

bool same(domain::MemberRole one, domain::MemberRole other) {
  return one == other;
}

std::string name_of(domain::UserId user) {
  return user.to_string();
}

template <typename Number>
std::string name_of(Number number) {
  return fmt::format("{}", number.value());
}

template <typename Rows>
void compare_rows(const char* what, const Rows& stored, const Rows& rebuilt,
                  std::vector<std::string>& out) {
  for (const auto& [key, row] : rebuilt) {
    const auto found = stored.find(key);
    if (found == stored.end()) {
      out.push_back(fmt::format("{} {} is in the log and not in its table", what, name_of(key)));
    } else if (!same(found->second, row)) {
      out.push_back(fmt::format("{} {} is not what the log says", what, name_of(key)));
    }
  }
  for (const auto& [key, row] : stored) {
    if (!rebuilt.contains(key)) {
      out.push_back(fmt::format("{} {} is in its table and not in the log", what, name_of(key)));
    }
  }
}

}  // namespace

/// One event's change to a view. Each step reads all that it needs before it changes anything.
class ChatProjection::Change {
 public:
  Change(ChatProjection& projection, const domain::Event& event)
      : chat_(projection.view_), by_id_(projection.by_id_), event_(event), fields_(event.data) {}

  void apply() {
    switch (event_.type) {
      case EventType::chat_created: return create_chat();
      case EventType::chat_renamed: return rename();
      case EventType::chat_deleted: chat_.deleted = true; return;
      case EventType::chat_restored: chat_.deleted = false; return;
      case EventType::member_added: return add_member();
      case EventType::member_removed: return remove_member();
      case EventType::message_created: return create_message();
      case EventType::message_updated: return update_message();
      case EventType::message_deleted: return delete_message();
      case EventType::answer_failed: return;
      case EventType::rubric_updated: return update_rubric();
      case EventType::chat_added:
      case EventType::chat_removed:
      case EventType::session_revoked: throw Unreadable{"it belongs to a user's stream"};
    }
  }

 private:
  void create_chat() {
    const auto owner = fields_.id<domain::UserId>("userId");
    auto title = fields_.text("title");
    if (fields_.has("context")) chat_.context = fields_.document("context");
    chat_.owner = owner;
    chat_.title = std::move(title);
    chat_.members.emplace(owner, domain::MemberRole::owner);
  }

  void rename() {
    auto title = fields_.text("title");
    chat_.context = fields_.document("context");
    chat_.title = std::move(title);
  }

  void add_member() {
    const auto role = domain::parse_member_role(fields_.text("role"));
    if (!role) throw Unreadable{"its role is unknown"};
    const auto user = fields_.id<domain::UserId>("userId");
    chat_.members.insert_or_assign(user, *role);
    if (user != chat_.owner) chat_.guests.insert(user);
  }

  void remove_member() {
    const auto user = fields_.id<domain::UserId>("userId");
    if (chat_.members.erase(user) == 0) {
      throw Unreadable{"it removes somebody who is not a member"};
    }
    chat_.guests.erase(user);
  }

  void create_message() {
    auto message = read_message(chat_.id, event_.seq, fields_);
    if (!by_id_.emplace(message.id, event_.seq).second) throw Unreadable{"its id was used before"};
    chat_.messages.emplace(event_.seq, std::move(message));
  }

  void update_message() {
    auto content = fields_.text("content");
    const auto at = fields_.time("editedAt");
    auto& message = chat_.messages.at(find()->second);
    message.content = std::move(content);
    message.edited_at = at;
  }

  void delete_message() {
    const auto found = find();
    chat_.messages.erase(found->second);
    by_id_.erase(found);
  }

  void update_rubric() {
    auto record = read_rubric(fields_);
    const auto expected = static_cast<std::int64_t>(chat_.rubrics.size()) + 1;
    if (record.version.value() != expected) {
      throw Unreadable{fmt::format("it is not rubric version {}", expected)};
    }
    const auto version = record.version;
    chat_.rubric = version;
    chat_.rubrics.emplace(version, std::move(record));
  }

  std::map<domain::MessageId, domain::Seq>::iterator find() {
    const auto found = by_id_.find(fields_.id<domain::MessageId>("id"));
    if (found == by_id_.end()) throw Unreadable{"it changes a message that is not there"};
    return found;
  }

  ports::StoredChat& chat_;
  std::map<domain::MessageId, domain::Seq>& by_id_;
  const domain::Event& event_;
  Fields fields_;
};

ChatProjection::ChatProjection(domain::ChatId chat) {
  view_.id = chat;
}

base::Result<void> ChatProjection::apply(const domain::Event& event) {
  const auto refuse = [&](const std::string& why) {
    return base::fail(ErrorCode::invalid, fmt::format("event {}: {}", event.seq.value(), why));
  };
  const auto expected = view_.head.seq.value() + 1;
  if (event.stream != domain::StreamId(view_.id)) return refuse("it is of another stream");
  if (event.seq.value() != expected) return refuse(fmt::format("expected event {}", expected));
  if (event.epoch < view_.head.epoch) return refuse("its epoch is older than the one before");
  if ((event.type == EventType::chat_created) != (expected == 1)) {
    return refuse("a chat begins with chat-created, and only begins");
  }
  try {
    Change(*this, event).apply();
  } catch (const Unreadable& unreadable) {
    return refuse(unreadable.why);
  }
  view_.head = {.epoch = event.epoch, .seq = event.seq};
  view_.updated_at = event.at;
  return {};
}

std::vector<std::string> differences(const StoredChat& stored, const StoredChat& rebuilt) {
  std::vector<std::string> out;
  const auto expect = [&](bool equal, const char* what) {
    if (!equal) out.push_back(fmt::format("the chat's {} is not what the log says", what));
  };
  expect(stored.owner == rebuilt.owner, "owner");
  expect(stored.title == rebuilt.title, "title");
  expect(same_json(stored.context, rebuilt.context), "context");
  expect(stored.deleted == rebuilt.deleted, "deletion");
  // A restored backup begins a new epoch, in which nothing need have happened yet.
  expect(stored.head.seq == rebuilt.head.seq && stored.head.epoch >= rebuilt.head.epoch,
         "position");
  expect(stored.updated_at == rebuilt.updated_at, "time of the last change");
  expect(stored.guests == rebuilt.guests, "list of guests");
  expect(stored.rubric == rebuilt.rubric, "shown version of the rubric");
  compare_rows("member", stored.members, rebuilt.members, out);
  compare_rows("message", stored.messages, rebuilt.messages, out);
  compare_rows("rubric version", stored.rubrics, rebuilt.rubrics, out);
  return out;
}

}  // namespace rubricon::projection
