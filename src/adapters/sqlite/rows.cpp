#include <rubricon/sqlite/rows.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>

namespace rubricon::sqlite {

domain::User user_at(const Statement& row, int column) {
  const auto role = domain::parse_user_role(row.view(column + 3));
  const auto locale = domain::parse_locale(row.view(column + 4));
  RUBRICON_ASSERT(role.has_value());
  return {.id = row.id<domain::UserId>(column),
          .email = row.text(column + 1),
          .name = row.text(column + 2),
          .role = *role,
          .locale = locale.value_or(domain::Locale::zh_tw),
          .created_at = row.time(column + 5),
          .disabled = row.integer(column + 6) != 0};
}

domain::Message message_at(const Statement& row, int column) {
  const auto role = domain::parse_message_role(row.view(column + 3));
  RUBRICON_ASSERT(role.has_value());
  domain::Message message{.chat = row.id<domain::ChatId>(column),
                          .seq = row.number<domain::Seq>(column + 1),
                          .id = row.id<domain::MessageId>(column + 2),
                          .role = *role,
                          .user = row.optional_id<domain::UserId>(column + 4),
                          .content = row.text(column + 5),
                          .reply_to = {},
                          .client_id = row.text(column + 7),
                          .meta = row.null(column + 8) ? "{}" : row.text(column + 8),
                          .created_at = row.time(column + 9),
                          .edited_at = row.optional_time(column + 10)};
  if (!row.null(column + 6)) message.reply_to = row.number<domain::Seq>(column + 6);
  return message;
}

domain::Chat chat_at(const Statement& row, int column) {
  return {.id = row.id<domain::ChatId>(column),
          .owner = row.id<domain::UserId>(column + 1),
          .title = row.text(column + 2),
          .context = row.text(column + 3),
          .epoch = row.number<domain::Epoch>(column + 4),
          .last_seq = row.number<domain::Seq>(column + 5),
          .created_at = row.time(column + 6),
          .updated_at = row.time(column + 7)};
}

domain::RubricRecord rubric_at(const Statement& row, int column) {
  const auto by = domain::parse_message_role(row.view(column + 2));
  RUBRICON_ASSERT(by.has_value());
  return {.version = row.number<domain::RubricVersion>(column),
          .document = row.text(column + 1),
          .by = *by,
          .user = row.optional_id<domain::UserId>(column + 3),
          .updated_at = row.time(column + 4),
          .answered = row.number<domain::Seq>(column + 5)};
}

domain::MemberRole role_at(const Statement& row, int column) {
  const auto role = domain::parse_member_role(row.view(column));
  RUBRICON_ASSERT(role.has_value());
  return *role;
}

std::optional<domain::User> find_user(Connection& db, domain::UserId id) {
  static const std::string sql = fmt::format("SELECT {} FROM users u WHERE u.id = ?", user_columns);
  auto row = db.query(sql, id);
  if (!row.step()) return std::nullopt;
  return user_at(row, 0);
}

std::vector<domain::Member> members_of(Connection& db, domain::ChatId chat) {
  auto row = db.query(
      "SELECT u.id, u.email, u.name, m.role FROM chat_members m JOIN users u ON u.id = m.user_id "
      "WHERE m.chat_id = ? ORDER BY m.user_id",
      chat);
  std::vector<domain::Member> members;
  while (row.step()) {
    members.push_back({row.id<domain::UserId>(0), row.text(1), row.text(2), role_at(row, 3)});
  }
  return members;
}

CurrentRubric current_rubric(Connection& db, domain::ChatId chat) {
  auto row = db.query(
      "SELECT v.document, v.version, v.answered FROM rubrics r "
      "JOIN rubric_versions v ON v.chat_id = r.chat_id AND v.version = r.version "
      "WHERE r.chat_id = ?",
      chat);
  if (!row.step()) return {};
  return {row.text(0), row.number<domain::RubricVersion>(1), row.number<domain::Seq>(2)};
}

std::optional<std::string> rubric_document(Connection& db, domain::ChatId chat,
                                           domain::RubricVersion version) {
  auto row = db.query("SELECT document FROM rubric_versions WHERE chat_id = ? AND version = ?",
                      chat, version);
  if (!row.step()) return std::nullopt;
  return row.text(0);
}

std::optional<domain::JobId> next_open_job(Connection& db, domain::ChatId chat,
                                           std::optional<domain::JobId> except) {
  auto row = db.query(
      "SELECT id FROM ai_jobs INDEXED BY ai_jobs_open WHERE chat_id = ? AND state IN ('queued', "
      "'running') "
      "AND id IS NOT ? ORDER BY prompt_seq, variant LIMIT 1",
      chat, except);
  if (!row.step()) return std::nullopt;
  return row.id<domain::JobId>(0);
}

}  // namespace rubricon::sqlite
