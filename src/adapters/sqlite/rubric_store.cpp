#include <rubricon/sqlite/rubric_store.hpp>

#include <rubricon/sqlite/access.hpp>
#include <rubricon/sqlite/rows.hpp>
#include <rubricon/sqlite/rubric_writes.hpp>

#include <fmt/format.h>
#include <utility>

namespace rubricon::sqlite {
namespace {

base::Result<ports::RubricRecord> get_rubric(Connection& db, domain::UserId user,
                                             domain::ChatId chat) {
  const Snapshot snapshot(db);
  const auto access = require_member(db, user, chat);
  if (!access) return std::unexpected(access.error());
  static const std::string sql = fmt::format(
      "SELECT {} FROM rubrics r "
      "JOIN rubric_versions v ON v.chat_id = r.chat_id AND v.version = r.version "
      "WHERE r.chat_id = ?",
      rubric_columns);
  auto row = db.query(sql, chat);
  if (!row.step()) {
    return base::fail(base::ErrorCode::not_found, "this chat has no rubric yet",
                      "rubric_not_found");
  }
  return rubric_at(row, 0);
}

base::Result<std::vector<ports::RubricRecord>> list_versions(Connection& db, domain::UserId user,
                                                             domain::ChatId chat,
                                                             domain::RubricVersion before,
                                                             std::size_t limit) {
  const Snapshot snapshot(db);
  const auto access = require_member(db, user, chat);
  if (!access) return std::unexpected(access.error());
  static const std::string sql = fmt::format(
      "SELECT {} FROM rubric_versions v WHERE v.chat_id = ? AND v.version < ? "
      "ORDER BY v.version DESC LIMIT ?",
      rubric_columns);
  auto row = db.query(sql, chat, before, static_cast<std::int64_t>(limit));
  std::vector<ports::RubricRecord> out;
  while (row.step()) out.push_back(rubric_at(row, 0));
  return out;
}

base::Result<ports::RubricRecord> get_version(Connection& db, domain::UserId user,
                                              domain::ChatId chat, domain::RubricVersion version) {
  const Snapshot snapshot(db);
  const auto access = require_member(db, user, chat);
  if (!access) return std::unexpected(access.error());
  static const std::string sql = fmt::format(
      "SELECT {} FROM rubric_versions v WHERE v.chat_id = ? AND v.version = ?", rubric_columns);
  auto row = db.query(sql, chat, version);
  if (!row.step()) {
    return base::fail(base::ErrorCode::not_found, "no such version", "version_not_found");
  }
  return rubric_at(row, 0);
}

}  // namespace

base::Task<base::Result<ports::RubricRecord>> RubricStore::get(domain::UserId user,
                                                               domain::ChatId chat,
                                                               base::Deadline deadline) {
  return perform<base::Result<ports::RubricRecord>, Connection>(
      &readers_, deadline, [user, chat](Connection& db) { return get_rubric(db, user, chat); });
}

base::Task<base::Result<std::vector<ports::RubricRecord>>> RubricStore::versions(
    domain::UserId user, domain::ChatId chat, domain::RubricVersion before, std::size_t limit,
    base::Deadline deadline) {
  return perform<base::Result<std::vector<ports::RubricRecord>>, Connection>(
      &readers_, deadline, [user, chat, before, limit](Connection& db) {
        return list_versions(db, user, chat, before, limit);
      });
}

base::Task<base::Result<ports::RubricRecord>> RubricStore::version(domain::UserId user,
                                                                   domain::ChatId chat,
                                                                   domain::RubricVersion version,
                                                                   base::Deadline deadline) {
  return perform<base::Result<ports::RubricRecord>, Connection>(
      &readers_, deadline,
      [user, chat, version](Connection& db) { return get_version(db, user, chat, version); });
}

base::Task<base::Result<ports::RubricRecord>> RubricStore::put(ports::PutRubric put,
                                                               base::Deadline deadline) {
  return perform<base::Result<ports::RubricRecord>, Transaction>(
      &writer_, deadline,
      [put = std::move(put)](Transaction& transaction) { return put_rubric(transaction, put); });
}

}  // namespace rubricon::sqlite
