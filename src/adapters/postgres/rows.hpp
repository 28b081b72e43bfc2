/// Rows as values: the column lists that several statements share and how to read them; and what
/// several parts ask, as a query and how to read its answer, for readers and transactions alike.
#pragma once

#include <rubricon/domain/ai_job.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/postgres/answer.hpp>
#include <rubricon/postgres/query.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::postgres {

/// Columns of `users u`; read by user_at.
inline constexpr const char* user_columns =
    "u.id, u.email, u.name, u.role, u.locale, u.created_at, u.disabled_at IS NOT NULL";
inline constexpr int user_width = 7;
domain::User user_at(const Row& row, int column);

/// Columns of `messages m`; read by message_at.
inline constexpr const char* message_columns =
    "m.chat_id, m.seq, m.id, m.role, m.user_id, m.content, m.reply_to, m.client_id, m.meta, "
    "m.created_at, m.edited_at";
domain::Message message_at(const Row& row, int column);

/// Columns of `chats c`; read by chat_at.
inline constexpr const char* chat_columns =
    "c.id, c.user_id, c.title, c.context, c.epoch, c.last_seq, c.created_at, c.updated_at";
inline constexpr int chat_width = 8;
domain::Chat chat_at(const Row& row, int column);

/// Columns of `rubric_versions v`; read by rubric_at.
inline constexpr const char* rubric_columns =
    "v.version, v.document, v.made_by, v.user_id, v.created_at, v.answered";
domain::RubricRecord rubric_at(const Row& row, int column);

domain::MemberRole role_at(const Row& row, int column);

Query user_query(domain::UserId id);
std::optional<domain::User> user_in(const Answer& answer);

Query members_query(domain::ChatId chat);
std::vector<domain::Member> members_in(const Answer& answer);
domain::Member member_at(const Row& row, int column);

/// The newest rubric of a chat.
Query rubric_query(domain::ChatId chat);
std::optional<domain::RubricRecord> rubric_in(const Answer& answer);

/// The chat's earliest open AI job other than `except`.
Query next_open_job_query(domain::ChatId chat, std::optional<domain::JobId> except);
std::optional<domain::JobId> job_in(const Answer& answer);

}  // namespace rubricon::postgres
