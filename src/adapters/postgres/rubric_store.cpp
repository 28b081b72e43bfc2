#include <rubricon/postgres/rubric_store.hpp>

#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/rubric_writes.hpp>

#include <fmt/format.h>
#include <utility>

namespace rubricon::postgres {
namespace {

Query versions_query(domain::ChatId chat, domain::RubricVersion before, std::size_t limit) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM rubric_versions v WHERE v.chat_id = $1 AND v.version < $2 "
      "ORDER BY v.version DESC LIMIT $3",
      rubric_columns);
  return query(sql, chat, before, static_cast<std::int64_t>(limit));
}

Query version_query(domain::ChatId chat, domain::RubricVersion version) {
  static const std::string sql = fmt::format(
      "SELECT {} FROM rubric_versions v WHERE v.chat_id = $1 AND v.version = $2", rubric_columns);
  return query(sql, chat, version);
}

}  // namespace

base::Task<base::Result<ports::RubricRecord>> RubricStore::get(domain::UserId user,
                                                               domain::ChatId chat,
                                                               base::Deadline deadline) {
  const auto asked =
      co_await reader_.ask_all(together(access_query(user, chat), rubric_query(chat)), deadline);
  const auto access = member_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  auto rubric = rubric_in(asked[1]);
  if (!rubric) {
    co_return base::fail(base::ErrorCode::not_found, "this chat has no rubric yet",
                         "rubric_not_found");
  }
  co_return std::move(*rubric);
}

base::Task<base::Result<std::vector<ports::RubricRecord>>> RubricStore::versions(
    domain::UserId user, domain::ChatId chat, domain::RubricVersion before, std::size_t limit,
    base::Deadline deadline) {
  const auto asked = co_await reader_.ask_all(
      together(access_query(user, chat), versions_query(chat, before, limit)), deadline);
  const auto access = member_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  std::vector<ports::RubricRecord> out;
  for (const auto row : asked[1]) out.push_back(rubric_at(row, 0));
  co_return out;
}

base::Task<base::Result<ports::RubricRecord>> RubricStore::version(domain::UserId user,
                                                                   domain::ChatId chat,
                                                                   domain::RubricVersion version,
                                                                   base::Deadline deadline) {
  const auto asked = co_await reader_.ask_all(
      together(access_query(user, chat), version_query(chat, version)), deadline);
  const auto access = member_access(asked[0]);
  if (!access) co_return std::unexpected(access.error());
  auto found = rubric_in(asked[1]);
  if (!found) {
    co_return base::fail(base::ErrorCode::not_found, "no such version", "version_not_found");
  }
  co_return std::move(*found);
}

base::Task<base::Result<ports::RubricRecord>> RubricStore::put(ports::PutRubric put,
                                                               base::Deadline deadline) {
  return transactor_.perform<base::Result<ports::RubricRecord>>(
      deadline, [put = std::move(put)](Transaction* t) { return put_rubric(t, put); });
}

}  // namespace rubricon::postgres
