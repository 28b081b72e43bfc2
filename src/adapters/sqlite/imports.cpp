#include <rubricon/sqlite/imports.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/sqlite/chat_writes.hpp>
#include <rubricon/sqlite/event_log.hpp>
#include <rubricon/sqlite/message_writes.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/search_index.hpp>
#include <rubricon/sqlite/user_store.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace rubricon::sqlite {
namespace {

using domain::EventType;

ports::UserImport add_imported(Transaction& transaction, const ports::ImportedUser& user) {
  Connection& db = transaction.db;
  {
    auto row = db.query(
        "SELECT id FROM users WHERE email = ?1 OR id = ?2 ORDER BY email = ?1 DESC LIMIT 1",
        user.email, user.id);
    if (row.step()) return {row.id<domain::UserId>(0), false};
  }
  store_user(db, ports::account_of(user), {});  // a hash that nothing matches
  return {user.id, true};
}

std::vector<ports::ImportMark> marks_in(Connection& db, domain::ChatId chat) {
  auto row = db.query("SELECT json_extract(data, '$.id') FROM events WHERE stream = ? AND type = ?",
                      chat, domain::to_string(EventType::message_created));
  std::vector<ports::ImportMark> marks;
  while (row.step()) {
    const auto id = domain::MessageId::parse(row.view(0));
    if (!id) throw Defect("a message-created event has no id");
    marks.push_back(ports::mark_of(id->uuid()));
  }
  std::ranges::sort(marks);
  return marks;
}

std::optional<ports::ChatImport> find_imported(Connection& db, domain::ChatId chat) {
  const Snapshot snapshot(db);
  auto row = db.query("SELECT last_seq, deleted_at FROM chats WHERE id = ?", chat);
  if (!row.step()) return std::nullopt;
  return ports::ChatImport{
      .head = row.number<domain::Seq>(0), .deleted = !row.null(1), .marks = marks_in(db, chat)};
}

/// The chat as it is in the database.
std::optional<domain::Chat> stored_chat(Connection& db, domain::ChatId id) {
  static const std::string sql = fmt::format("SELECT {} FROM chats c WHERE c.id = ?", chat_columns);
  auto row = db.query(sql, id);
  if (!row.step()) return std::nullopt;
  return chat_at(row, 0);
}

/// Appends to the chat's stream without telling a relay.
void append_event(Connection& db, domain::Chat& chat, EventType type, base::Time at,
                  std::string_view data) {
  chat.last_seq = chat.last_seq.next();
  chat.updated_at = at;
  store_chat_event(db, chat.id, {chat.epoch, chat.last_seq}, type, at, data, {});
}

domain::Chat make_chat(Transaction& transaction, const ports::ImportedChat& imported) {
  Connection& db = transaction.db;
  domain::Chat chat{.id = imported.id,
                    .owner = imported.owner,
                    .title = imported.title.value(),
                    .context = imported.context,
                    .epoch = domain::Epoch(1),
                    .last_seq = {},
                    .created_at = imported.created_at,
                    .updated_at = imported.created_at};
  store_chat(db, chat);
  append_event(db, chat, EventType::chat_created, chat.created_at, domain::chat_created_data(chat));
  store_user_event(db, chat.owner, EventType::chat_added, transaction.now(),
                   domain::chat_added_data(chat.id, domain::MemberRole::owner));
  index_document(db, chat.id, title_document, chat.title);
  return chat;
}

base::Result<domain::Seq> append_imported(Transaction& transaction,
                                          const ports::ImportedChat& imported, domain::Seq head,
                                          const std::vector<ports::ImportedMessage>& messages) {
  Connection& db = transaction.db;
  auto chat = stored_chat(db, imported.id);
  if ((chat ? chat->last_seq : domain::Seq()) != head) {
    return base::fail(base::ErrorCode::conflict, "the chat went on meanwhile");
  }
  if (!chat) chat = make_chat(transaction, imported);
  for (const auto& message : ports::imported_rows(*chat, messages)) {
    insert_message(db, message);
    append_event(db, *chat, EventType::message_created, message.created_at,
                 domain::message_created_data(message));
  }
  db.run("UPDATE chats SET last_seq = ?2, updated_at = ?3 WHERE id = ?1", chat->id, chat->last_seq,
         chat->updated_at);
  db.run(
      "UPDATE chat_members SET last_read_seq = ?3 "
      "WHERE chat_id = ?1 AND user_id = ?2 AND last_read_seq = ?4",
      chat->id, chat->owner, chat->last_seq, head);
  return chat->last_seq;
}

}  // namespace

base::Task<bool> Imports::any_user(base::Deadline deadline) {
  return perform<bool, Connection>(&readers_, deadline, [](Connection& db) {
    return db.query("SELECT 1 FROM users LIMIT 1").step();
  });
}

base::Task<ports::UserImport> Imports::add_user(ports::ImportedUser user, base::Deadline deadline) {
  return perform<ports::UserImport, Transaction>(
      &writer_, deadline, [user = std::move(user)](Transaction& transaction) {
        return add_imported(transaction, user);
      });
}

base::Task<std::optional<ports::ChatImport>> Imports::find_chat(domain::ChatId chat,
                                                                base::Deadline deadline) {
  return perform<std::optional<ports::ChatImport>, Connection>(
      &readers_, deadline, [chat](Connection& db) { return find_imported(db, chat); });
}

base::Task<base::Result<domain::Seq>> Imports::append(ports::ImportedChat chat, domain::Seq head,
                                                      std::vector<ports::ImportedMessage> messages,
                                                      base::Deadline deadline) {
  return perform<base::Result<domain::Seq>, Transaction>(
      &writer_, deadline,
      [chat = std::move(chat), head, messages = std::move(messages)](Transaction& transaction) {
        return append_imported(transaction, chat, head, messages);
      });
}

}  // namespace rubricon::sqlite
