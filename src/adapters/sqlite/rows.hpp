/// Rows as values: the column lists that several statements share and how to read them.
#pragma once

#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/sqlite/connection.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::sqlite {

/// Columns of `users u`; read by user_at.
inline constexpr const char* user_columns =
    "u.id, u.email, u.name, u.role, u.locale, u.created_at, u.disabled_at IS NOT NULL";
inline constexpr int user_width = 7;
domain::User user_at(const Statement& row, int column);

/// Columns of `messages m`; read by message_at.
inline constexpr const char* message_columns =
    "m.chat_id, m.seq, m.id, m.role, m.user_id, m.content, m.reply_to, m.client_id, m.meta, "
    "m.created_at, m.edited_at";
inline constexpr int message_width = 11;
domain::Message message_at(const Statement& row, int column);

/// Columns of `chats c`; read by chat_at.
inline constexpr const char* chat_columns =
    "c.id, c.user_id, c.title, c.context, c.epoch, c.last_seq, c.created_at, c.updated_at";
inline constexpr int chat_width = 8;
domain::Chat chat_at(const Statement& row, int column);

/// Columns of `rubric_versions v`; read by rubric_at.
inline constexpr const char* rubric_columns =
    "v.version, v.document, v.made_by, v.user_id, v.created_at, v.answered";
domain::RubricRecord rubric_at(const Statement& row, int column);

domain::MemberRole role_at(const Statement& row, int column);
std::optional<domain::User> find_user(Connection& db, domain::UserId id);
std::vector<domain::Member> members_of(Connection& db, domain::ChatId chat);

/// The newest rubric of a chat: JSON text, version and RubricRecord::answered; nullopt and 0 where
/// there is none.
struct CurrentRubric {
  std::optional<std::string> document;
  domain::RubricVersion version;
  domain::Seq answered;
};
CurrentRubric current_rubric(Connection& db, domain::ChatId chat);
std::optional<std::string> rubric_document(Connection& db, domain::ChatId chat,
                                           domain::RubricVersion version);

/// The chat's earliest open AI job other than `except`.
std::optional<domain::JobId> next_open_job(Connection& db, domain::ChatId chat,
                                           std::optional<domain::JobId> except);

}  // namespace rubricon::sqlite
