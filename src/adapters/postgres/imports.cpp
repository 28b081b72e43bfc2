#include <rubricon/postgres/imports.hpp>

#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/chat_writes.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/search_index.hpp>
#include <rubricon/postgres/user_writes.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <utility>

namespace rubricon::postgres {
namespace {

using domain::EventType;

std::string_view word(EventType type) {
  return domain::to_string(type);
}

base::Task<ports::UserImport> add_imported(Transaction* transaction, ports::ImportedUser user) {
  lock_accounts(transaction);
  const auto found = co_await transaction->query(
      "SELECT id FROM users WHERE email = $1 OR id = $2 ORDER BY email = $1 DESC LIMIT 1",
      user.email, user.id);
  if (!found.empty()) co_return ports::UserImport{found.front().id<domain::UserId>(0), false};
  store_user(transaction, ports::account_of(user), {});  // a hash that nothing matches
  co_return ports::UserImport{user.id, true};
}

/// The columns of the messages and of their events: an array each, as unnest() takes them.
struct Columns {
  std::vector<domain::Seq> seqs;
  std::vector<domain::MessageId> ids;
  std::vector<std::string> roles;
  std::vector<std::optional<domain::UserId>> users;
  std::vector<std::string> contents;
  std::vector<std::string> metas;
  std::vector<base::Time> times;
  std::vector<std::string> terms;
  std::vector<std::string> data;

  void add(const domain::Message& message) {
    seqs.push_back(message.seq);
    ids.push_back(message.id);
    roles.emplace_back(domain::to_string(message.role));
    users.push_back(message.user);
    contents.push_back(message.content);
    metas.push_back(message.meta);
    times.push_back(message.created_at);
    terms.push_back(to_tsvector(message.content));
    data.push_back(domain::message_created_data(message));
  }
};

void insert_events(Transaction* transaction, const domain::Chat& chat, EventType type,
                   const std::vector<domain::Seq>& seqs, const std::vector<base::Time>& times,
                   const std::vector<std::string>& data) {
  transaction->run(
      "INSERT INTO events (stream, seq, epoch, type, created_at, data, audience) "
      "SELECT $1, a.seq, $2, $3, a.at, a.data, m.audience "
      "FROM unnest($4, $5, $6) AS a (seq, at, data), "
      "(SELECT array_agg(user_id ORDER BY user_id) FROM chat_members WHERE chat_id = $1) "
      "AS m (audience)",
      chat.id, chat.epoch, word(type), seqs, times, data);
}

void insert_messages(Transaction* transaction, const domain::Chat& chat, const Columns& columns) {
  transaction->run(
      "INSERT INTO messages (chat_id, seq, id, role, user_id, content, meta, created_at, terms) "
      "SELECT $1, a.seq, a.id, a.role, a.user_id, a.content, a.meta, a.at, a.terms::tsvector "
      "FROM unnest($2, $3, $4, $5, $6, $7, $8, $9) "
      "AS a (seq, id, role, user_id, content, meta, at, terms)",
      chat.id, columns.seqs, columns.ids, columns.roles, columns.users, columns.contents,
      columns.metas, columns.times, columns.terms);
}

domain::Chat make_chat(Transaction* transaction, const ports::ImportedChat& imported) {
  domain::Chat chat{.id = imported.id,
                    .owner = imported.owner,
                    .title = imported.title.value(),
                    .context = imported.context,
                    .epoch = domain::Epoch(1),
                    .last_seq = domain::Seq(1),
                    .created_at = imported.created_at,
                    .updated_at = imported.created_at};
  store_chat(transaction, chat);
  insert_events(transaction, chat, EventType::chat_created, {chat.last_seq}, {chat.created_at},
                {domain::chat_created_data(chat)});
  transaction->run(
      "WITH head AS (UPDATE users SET last_seq = last_seq + 1 WHERE id = $1 "
      "RETURNING epoch, last_seq) "
      "INSERT INTO events (stream, seq, epoch, type, created_at, data) "
      "SELECT $1, last_seq, epoch, $2, $3, $4 FROM head",
      chat.owner, word(EventType::chat_added), transaction->now(),
      domain::chat_added_data(chat.id, domain::MemberRole::owner));
  return chat;
}

base::Task<base::Result<domain::Seq>> append_imported(
    Transaction* transaction, ports::ImportedChat imported, domain::Seq head,
    std::vector<ports::ImportedMessage> messages) {
  static const std::string sql =
      fmt::format("SELECT {} FROM chats c WHERE c.id = $1", chat_columns);
  lock_chat(transaction, imported.id);
  const auto stored = co_await transaction->query(sql, imported.id);
  const auto here = stored.empty() ? domain::Seq() : chat_at(stored.front(), 0).last_seq;
  if (here != head) {
    co_return base::fail(base::ErrorCode::conflict, "the chat went on meanwhile");
  }
  auto chat = stored.empty() ? make_chat(transaction, imported) : chat_at(stored.front(), 0);
  Columns columns;
  for (const auto& message : ports::imported_rows(chat, messages)) {
    columns.add(message);
    chat.last_seq = message.seq;
    chat.updated_at = message.created_at;
  }
  insert_messages(transaction, chat, columns);
  insert_events(transaction, chat, EventType::message_created, columns.seqs, columns.times,
                columns.data);
  transaction->run("UPDATE chats SET last_seq = $2, updated_at = $3 WHERE id = $1", chat.id,
                   chat.last_seq, chat.updated_at);
  transaction->run(
      "UPDATE chat_members SET last_read_seq = $3 "
      "WHERE chat_id = $1 AND user_id = $2 AND last_read_seq = $4",
      chat.id, chat.owner, chat.last_seq, head);
  co_return chat.last_seq;
}

base::Task<Done> make_partitions(Transaction* transaction, base::Time at) {
  co_await transaction->query("SELECT ensure_partitions($1, 0)", at);
  co_return Done();
}

std::vector<base::Time> times_of(const ports::ImportedChat& chat,
                                 const std::vector<ports::ImportedMessage>& messages) {
  std::vector<base::Time> times{chat.created_at};
  for (const auto& message : messages) times.push_back(message.at);
  return times;
}

}  // namespace

base::Task<bool> Imports::any_user(base::Deadline deadline) {
  const auto answer = co_await reader_.ask(query("SELECT EXISTS (SELECT FROM users)"), deadline);
  co_return answer.front().boolean(0);
}

base::Task<ports::UserImport> Imports::add_user(ports::ImportedUser user, base::Deadline deadline) {
  return transactor_.perform<ports::UserImport>(deadline,
                                                [user = std::move(user)](Transaction* transaction) {
                                                  return add_imported(transaction, user);
                                                });
}

base::Task<std::optional<ports::ChatImport>> Imports::find_chat(domain::ChatId chat,
                                                                base::Deadline deadline) {
  const auto asked = co_await reader_.ask_all(
      together(query("SELECT last_seq, deleted_at IS NOT NULL FROM chats WHERE id = $1", chat),
               query("SELECT (data::json ->> 'id')::uuid FROM events "
                     "WHERE stream = $1 AND type = $2",
                     chat, word(EventType::message_created))),
      deadline);
  if (asked[0].empty()) co_return std::nullopt;
  ports::ChatImport found{.head = asked[0].front().number<domain::Seq>(0),
                          .deleted = asked[0].front().boolean(1),
                          .marks = {}};
  for (const auto row : asked[1]) found.marks.push_back(ports::mark_of(row.uuid(0)));
  std::ranges::sort(found.marks);
  co_return found;
}

base::Task<base::Result<domain::Seq>> Imports::append(ports::ImportedChat chat, domain::Seq head,
                                                      std::vector<ports::ImportedMessage> messages,
                                                      base::Deadline deadline) {
  for (const auto at : times_of(chat, messages)) co_await make_room(at, deadline);
  co_return co_await transactor_.perform<base::Result<domain::Seq>>(
      deadline,
      [chat = std::move(chat), head, messages = std::move(messages)](Transaction* transaction) {
        return append_imported(transaction, chat, head, messages);
      });
}

/// In a transaction of its own, since others that read and write wait for what it locks.
base::Task<void> Imports::make_room(base::Time at, base::Deadline deadline) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(at));
  const std::chrono::year_month month = day.year() / day.month();
  if (months_.contains(month)) co_return;
  co_await transactor_.perform<Done>(
      deadline, [at](Transaction* transaction) { return make_partitions(transaction, at); });
  months_.insert(month);
}

}  // namespace rubricon::postgres
