#include <rubricon/postgres/rows.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>

namespace rubricon::postgres {

domain::User user_at(const Row& row, int column) {
  const auto role = domain::parse_user_role(row.view(column + 3));
  const auto locale = domain::parse_locale(row.view(column + 4));
  RUBRICON_ASSERT(role.has_value());
  return {.id = row.id<domain::UserId>(column),
          .email = row.text(column + 1),
          .name = row.text(column + 2),
          .role = *role,
          .locale = locale.value_or(domain::Locale::zh_tw),
          .created_at = row.time(column + 5),
          .disabled = row.boolean(column + 6)};
}

domain::Message message_at(const Row& row, int column) {
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

domain::Chat chat_at(const Row& row, int column) {
  return {.id = row.id<domain::ChatId>(column),
          .owner = row.id<domain::UserId>(column + 1),
          .title = row.text(column + 2),
          .context = row.text(column + 3),
          .epoch = row.number<domain::Epoch>(column + 4),
          .last_seq = row.number<domain::Seq>(column + 5),
          .created_at = row.time(column + 6),
          .updated_at = row.time(column + 7)};
}

domain::RubricRecord rubric_at(const Row& row, int column) {
  const auto by = domain::parse_message_role(row.view(column + 2));
  RUBRICON_ASSERT(by.has_value());
  return {.version = row.number<domain::RubricVersion>(column),
          .document = row.text(column + 1),
          .by = *by,
          .user = row.optional_id<domain::UserId>(column + 3),
          .updated_at = row.time(column + 4),
          .answered = row.number<domain::Seq>(column + 5)};
}

domain::MemberRole role_at(const Row& row, int column) {
  const auto role = domain::parse_member_role(row.view(column));
  RUBRICON_ASSERT(role.has_value());
  return *role;
}

Query user_query(domain::UserId id) {
  static const std::string sql =
      fmt::format("SELECT {} FROM users u WHERE u.id = $1", user_columns);
  return query(sql, id);
}

std::optional<domain::User> user_in(const Answer& answer) {
  if (answer.empty()) return std::nullopt;
  return user_at(answer.front(), 0);
}

Query members_query(domain::ChatId chat) {
  return query(
      "SELECT u.id, u.email, u.name, m.role FROM chat_members m JOIN users u ON u.id = m.user_id "
      "WHERE m.chat_id = $1 ORDER BY m.user_id",
      chat);
}

std::vector<domain::Member> members_in(const Answer& answer) {
  std::vector<domain::Member> members;
  for (const auto row : answer) members.push_back(member_at(row, 0));
  return members;
}

domain::Member member_at(const Row& row, int column) {
  return {row.id<domain::UserId>(column), row.text(column + 1), row.text(column + 2),
          role_at(row, column + 3)};
}

Query rubric_query(domain::ChatId chat) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM rubrics r "
      "JOIN rubric_versions v ON v.chat_id = r.chat_id AND v.version = r.version "
      "WHERE r.chat_id = $1",
      rubric_columns);
  return query(sql, chat);
}

std::optional<domain::RubricRecord> rubric_in(const Answer& answer) {
  if (answer.empty()) return std::nullopt;
  return rubric_at(answer.front(), 0);
}

Query next_open_job_query(domain::ChatId chat, std::optional<domain::JobId> except) {
  return query(
      "SELECT id FROM ai_jobs WHERE chat_id = $1 AND state IN ('queued', 'running') "
      "AND id IS DISTINCT FROM $2 ORDER BY prompt_seq, variant LIMIT 1",
      chat, except);
}

std::optional<domain::JobId> job_in(const Answer& answer) {
  if (answer.empty()) return std::nullopt;
  return answer.front().id<domain::JobId>(0);
}

}  // namespace rubricon::postgres
