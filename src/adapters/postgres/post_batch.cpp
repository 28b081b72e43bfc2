#include <rubricon/postgres/post_batch.hpp>

#include <rubricon/base/failpoint.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/postgres/event_log.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/search_index.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

namespace rubricon::postgres {
namespace {

using base::ErrorCode;

constexpr std::string_view route = "post-message";

// The stored response: "<message id> <epoch> <seq>"; the time is the id's.
std::string to_response(const ports::PostedMessage& posted) {
  return fmt::format("{} {} {}", posted.id.to_string(), posted.position.epoch.value(),
                     posted.position.seq.value());
}

ports::PostedMessage from_response(std::string_view text) {
  constexpr std::size_t id_length = 36;
  const auto id = domain::MessageId::parse(text.substr(0, id_length));
  const auto space = text.rfind(' ');
  std::int64_t epoch = 0;
  std::int64_t seq = 0;
  const char* const begin = text.data();
  if (!id || space <= id_length ||
      std::from_chars(begin + id_length + 1, begin + space, epoch).ec != std::errc{} ||
      std::from_chars(begin + space + 1, begin + text.size(), seq).ec != std::errc{}) {
    throw Defect("a stored response is not a posted message");
  }
  return {
      *id, {domain::Epoch(epoch), domain::Seq(seq)}, base::time_from_unix_ms(id->uuid().unix_ms())};
}

/// A chat whose lock we hold, and where its stream stands with what the batch has added.
struct LockedChat {
  domain::Chat chat;
  bool deleted = false;
  bool answers = false;  ///< its prompts want answers
  bool changed = false;
};

/// What a key was answered, here or before.
struct KnownKey {
  RequestHash hash;
  ports::PostedMessage answer;
};

using Key = std::pair<domain::UserId, std::string>;

/// The columns of what the batch adds: an array each, as unnest() takes them.
struct Columns {
  std::vector<domain::ChatId> chats;
  std::vector<domain::Seq> seqs;
  std::vector<domain::Epoch> epochs;
  std::vector<base::Time> times;
  std::vector<domain::MessageId> ids;
  std::vector<domain::UserId> users;
  std::vector<std::string> contents;
  std::vector<std::optional<std::string>> client_ids;
  std::vector<std::string> terms;
  std::vector<std::string> data;
  std::vector<std::optional<std::string>> traces;
  std::vector<std::optional<domain::JobId>> jobs;
};

struct KeyColumns {
  std::vector<domain::UserId> users;
  std::vector<std::string> keys;
  std::vector<RequestHash> hashes;
  std::vector<std::string> responses;
};

class Batch {
 public:
  Batch(Transaction* transaction, Posts posts)
      : transaction_(transaction), posts_(std::move(posts)) {}

  base::Task<void> look(Locked locked);
  /// Decides about each post. Nothing is sent yet.
  void decide();
  /// Keeps back all that there is to write.
  void write();
  /// After the commit.
  void settle();

 private:
  Query lock_query(Locked locked) const;
  Query roles_query() const;
  Query keys_query() const;
  void note_chats(const Answer& answer);
  void note_roles(const Answer& answer);
  void note_keys(const Answer& answer);
  std::optional<base::Result<ports::PostedMessage>> decide_one(const Post& post);
  ports::PostedMessage add(const ports::PostMessage& request, LockedChat& chat);
  void write_heads();
  void write_messages();
  void write_events();
  void write_jobs();
  void write_keys();

  Transaction* transaction_;
  Posts posts_;
  std::map<domain::ChatId, LockedChat> chats_;
  std::map<std::pair<domain::ChatId, domain::UserId>, domain::MemberRole> roles_;
  std::map<Key, KnownKey> keys_;
  std::vector<Key> expired_;
  std::vector<std::optional<base::Result<ports::PostedMessage>>> answers_;
  Columns columns_;
  std::set<Key> new_keys_;
};

base::Task<void> Batch::look(Locked locked) {
  const auto asked =
      co_await transaction_->ask_all(together(lock_query(locked), roles_query(), keys_query()));
  note_chats(asked[0]);
  note_roles(asked[1]);
  note_keys(asked[2]);
  base::failpoint("api.after_idem");
}

Query Batch::lock_query(Locked locked) const {
  static const std::string skipping = fmt::format(
      "SELECT {}, c.deleted_at IS NOT NULL FROM chats c WHERE c.id = ANY ($1) "
      "ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED",
      chat_columns);
  static const std::string waiting = fmt::format(
      "SELECT {}, c.deleted_at IS NOT NULL FROM chats c WHERE c.id = ANY ($1) "
      "ORDER BY c.id FOR NO KEY UPDATE",
      chat_columns);
  std::vector<domain::ChatId> ids;
  for (const auto& post : posts_) ids.push_back(post->request.chat);
  return query(locked == Locked::skip ? skipping : waiting, ids);
}

Query Batch::roles_query() const {
  std::vector<domain::ChatId> chats;
  std::vector<domain::UserId> users;
  for (const auto& post : posts_) {
    chats.push_back(post->request.chat);
    users.push_back(post->request.user);
  }
  return query(
      "SELECT m.chat_id, m.user_id, m.role FROM unnest($1, $2) AS a (chat_id, user_id) "
      "JOIN chat_members m USING (chat_id, user_id)",
      chats, users);
}

Query Batch::keys_query() const {
  std::vector<domain::UserId> users;
  std::vector<std::string> keys;
  for (const auto& post : posts_) {
    if (!post->request.key) continue;
    users.push_back(post->request.user);
    keys.push_back(post->request.key->value());
  }
  return query(
      "SELECT i.user_id, i.key, i.request_hash, i.response, i.expires_at <= $4 "
      "FROM unnest($1, $2) AS a (user_id, key) "
      "JOIN idempotency i ON i.user_id = a.user_id AND i.route = $3 AND i.key = a.key",
      users, keys, route, transaction_->now());
}

void Batch::note_chats(const Answer& answer) {
  for (const auto row : answer) {
    LockedChat locked{.chat = chat_at(row, 0), .deleted = row.boolean(chat_width)};
    locked.answers = domain::wants_answer(locked.chat.context);
    chats_.emplace(locked.chat.id, std::move(locked));
  }
}

void Batch::note_roles(const Answer& answer) {
  for (const auto row : answer) {
    roles_.emplace(std::pair(row.id<domain::ChatId>(0), row.id<domain::UserId>(1)),
                   role_at(row, 2));
  }
}

void Batch::note_keys(const Answer& answer) {
  for (const auto row : answer) {
    Key key(row.id<domain::UserId>(0), row.text(1));
    if (row.boolean(4)) {
      expired_.push_back(std::move(key));
      continue;
    }
    KnownKey known{.hash = {}, .answer = from_response(row.view(3))};
    const auto hash = row.bytes(2);
    std::copy_n(hash.begin(), std::min(hash.size(), known.hash.size()), known.hash.begin());
    keys_.emplace(std::move(key), known);
  }
}

void Batch::decide() {
  answers_.reserve(posts_.size());
  for (const auto& post : posts_) answers_.push_back(decide_one(*post));
  base::failpoint("api.after_seq");
}

/// Nullopt for a chat that somebody else has locked.
std::optional<base::Result<ports::PostedMessage>> Batch::decide_one(const Post& post) {
  const auto& request = post.request;
  const auto role = roles_.find({request.chat, request.user});
  const auto found = chats_.find(request.chat);
  if (role == roles_.end() || (found != chats_.end() && found->second.deleted)) {
    return base::fail(ErrorCode::not_found, "no such chat");
  }
  if (found == chats_.end()) return std::nullopt;
  if (!domain::may_write(role->second)) {
    return base::fail(ErrorCode::forbidden, "viewers cannot change a chat");
  }
  if (!request.key) return add(request, found->second);
  const Key key(request.user, request.key->value());
  if (const auto known = keys_.find(key); known != keys_.end()) {
    if (known->second.hash == post.hash) return known->second.answer;
    return base::fail(ErrorCode::idempotency_mismatch, "this key was used for a different request");
  }
  new_keys_.insert(key);
  const auto posted = add(request, found->second);
  keys_.emplace(key, KnownKey{post.hash, posted});
  return posted;
}

ports::PostedMessage Batch::add(const ports::PostMessage& request, LockedChat& locked) {
  auto& chat = locked.chat;
  chat.last_seq = chat.last_seq.next();
  chat.updated_at = std::max(transaction_->now(), chat.updated_at);
  locked.changed = true;
  const domain::Message message{.chat = chat.id,
                                .seq = chat.last_seq,
                                .id = transaction_->make_id<domain::MessageId>(chat.updated_at),
                                .role = domain::MessageRole::user,
                                .user = request.user,
                                .content = request.content.value(),
                                .reply_to = {},
                                .client_id = request.key ? request.key->value() : "",
                                .meta = "{}",
                                .created_at = chat.updated_at,
                                .edited_at = {}};
  auto& c = columns_;
  c.chats.push_back(chat.id);
  c.seqs.push_back(message.seq);
  c.epochs.push_back(chat.epoch);
  c.times.push_back(message.created_at);
  c.ids.push_back(message.id);
  c.users.push_back(request.user);
  c.contents.push_back(message.content);
  c.client_ids.push_back(unless_empty(message.client_id));
  c.terms.push_back(to_tsvector(message.content));
  c.data.push_back(domain::message_created_data(message));
  c.traces.push_back(unless_empty(request.trace));
  c.jobs.push_back(locked.answers
                       ? std::optional(transaction_->make_id<domain::JobId>(transaction_->now()))
                       : std::nullopt);
  return {message.id, {chat.epoch, message.seq}, message.created_at};
}

void Batch::write() {
  if (columns_.ids.empty()) return;
  write_heads();
  write_messages();
  write_events();
  write_jobs();
  write_keys();
  transaction_->note_outbox();
}

void Batch::write_heads() {
  std::vector<domain::ChatId> ids;
  std::vector<domain::Seq> seqs;
  std::vector<base::Time> times;
  for (const auto& [id, locked] : chats_) {
    if (!locked.changed) continue;
    ids.push_back(id);
    seqs.push_back(locked.chat.last_seq);
    times.push_back(locked.chat.updated_at);
  }
  transaction_->run(
      "UPDATE chats c SET last_seq = a.seq, updated_at = a.at "
      "FROM unnest($1, $2, $3) AS a (id, seq, at) WHERE c.id = a.id",
      ids, seqs, times);
}

void Batch::write_messages() {
  const auto& c = columns_;
  transaction_->run(
      "INSERT INTO messages (chat_id, seq, id, role, user_id, content, client_id, created_at, "
      "terms) SELECT chat_id, seq, id, 'USER', user_id, content, client_id, at, terms::tsvector "
      "FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) "
      "AS a (chat_id, seq, id, user_id, content, client_id, at, terms)",
      c.chats, c.seqs, c.ids, c.users, c.contents, c.client_ids, c.times, c.terms);
}

/// Ids of the outbox are drawn in the order of the rows, which within a chat is that of its seqs.
void Batch::write_events() {
  const auto& c = columns_;
  transaction_->run(
      "INSERT INTO events (stream, seq, epoch, type, created_at, data, audience, trace) "
      "SELECT chat_id, seq, epoch, 'message-created', at, data, "
      "ARRAY(SELECT m.user_id FROM chat_members m WHERE m.chat_id = a.chat_id ORDER BY m.user_id), "
      "trace FROM unnest($1, $2, $3, $4, $5, $6) AS a (chat_id, seq, epoch, at, data, trace)",
      c.chats, c.seqs, c.epochs, c.times, c.data, c.traces);
  transaction_->run(
      "INSERT INTO outbox (stream, kind, seq, job, at, created_at) "
      "SELECT chat_id, $5, seq, job, at, $6 FROM unnest($1, $2, $3, $4) AS a (chat_id, seq, job, "
      "at)",
      c.chats, c.seqs, c.jobs, c.times, chat_kind, transaction_->now());
}

void Batch::write_jobs() {
  std::vector<domain::ChatId> chats;
  std::vector<domain::Seq> prompts;
  std::vector<domain::JobId> ids;
  for (std::size_t i = 0; i < columns_.jobs.size(); ++i) {
    if (!columns_.jobs[i]) continue;
    chats.push_back(columns_.chats[i]);
    prompts.push_back(columns_.seqs[i]);
    ids.push_back(*columns_.jobs[i]);
  }
  if (ids.empty()) return;
  transaction_->run(
      "INSERT INTO ai_jobs (chat_id, prompt_seq, variant, id, state, queued_at) "
      "SELECT chat_id, prompt_seq, 0, id, 'queued', $4 "
      "FROM unnest($1, $2, $3) AS a (chat_id, prompt_seq, id)",
      chats, prompts, ids, transaction_->now());
}

/// In the order of the keys, so that no two batches wait for each other's.
void Batch::write_keys() {
  for (const auto& [user, key] : expired_) {
    transaction_->run("DELETE FROM idempotency WHERE user_id = $1 AND route = $2 AND key = $3",
                      user, route, key);
  }
  KeyColumns columns;
  for (const auto& key : new_keys_) {
    const auto& known = keys_.at(key);
    columns.users.push_back(key.first);
    columns.keys.push_back(key.second);
    columns.hashes.push_back(known.hash);
    columns.responses.push_back(to_response(known.answer));
  }
  if (columns.keys.empty()) return;
  transaction_->run(
      "INSERT INTO idempotency (user_id, route, key, request_hash, response, expires_at) "
      "SELECT user_id, $5, key, request_hash, response, $6 "
      "FROM unnest($1, $2, $3, $4) AS a (user_id, key, request_hash, response)",
      columns.users, columns.keys, columns.hashes, columns.responses, route,
      base::Time(transaction_->now() + response_kept_for));
}

void Batch::settle() {
  for (std::size_t i = 0; i < posts_.size(); ++i) posts_[i]->answer = std::move(answers_[i]);
}

}  // namespace

Post::Post(const boost::asio::any_io_executor& executor, ports::PostMessage message,
           base::Deadline until)
    : request(std::move(message)),
      hash(hash_request({request.chat.to_string(), request.content.value()})),
      deadline(until),
      done(executor) {}

base::Task<void> store_posts(Transaction* transaction, Posts posts, Locked locked) {
  Batch batch(transaction, std::move(posts));
  co_await batch.look(locked);
  batch.decide();
  batch.write();
  if (transaction->outbox_written()) base::failpoint("api.before_commit");
  co_await transaction->commit();
  batch.settle();
}

}  // namespace rubricon::postgres
