#include <rubricon/memory/rubric_store.hpp>

#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/rubric_writes.hpp>

#include <utility>

namespace rubricon::memory {

using RubricResult = base::Result<ports::RubricRecord>;
using VersionsResult = base::Result<std::vector<ports::RubricRecord>>;

base::Task<RubricResult> RubricStore::get(domain::UserId user, domain::ChatId chat,
                                          base::Deadline deadline) {
  return read<RubricResult>(link_, "rubrics.get", deadline,
                            [user, chat](const View& rows) -> RubricResult {
                              const auto access = require_member(rows, user, chat);
                              if (!access) return std::unexpected(access.error());
                              const auto* const rubric = current_rubric(rows, chat);
                              if (rubric) return *rubric;
                              return base::fail(base::ErrorCode::not_found,
                                                "this chat has no rubric yet", "rubric_not_found");
                            });
}

base::Task<VersionsResult> RubricStore::versions(domain::UserId user, domain::ChatId chat,
                                                 domain::RubricVersion before, std::size_t limit,
                                                 base::Deadline deadline) {
  return read<VersionsResult>(
      link_, "rubrics.versions", deadline,
      [user, chat, before, limit](const View& rows) -> VersionsResult {
        const auto access = require_member(rows, user, chat);
        if (!access) return std::unexpected(access.error());
        const domain::RubricVersion last(before.value() - 1);
        const auto found = rows.rubrics.range({chat, domain::RubricVersion(0)}, {chat, last});
        std::vector<ports::RubricRecord> out;
        for (auto row = found.rbegin(); row != found.rend() && out.size() < limit; ++row) {
          out.push_back(**row);
        }
        return out;
      });
}

base::Task<RubricResult> RubricStore::version(domain::UserId user, domain::ChatId chat,
                                              domain::RubricVersion version,
                                              base::Deadline deadline) {
  return read<RubricResult>(
      link_, "rubrics.version", deadline, [user, chat, version](const View& rows) -> RubricResult {
        const auto access = require_member(rows, user, chat);
        if (!access) return std::unexpected(access.error());
        const auto* const found = rows.rubrics.find({chat, version});
        if (found) return *found;
        return base::fail(base::ErrorCode::not_found, "no such version", "version_not_found");
      });
}

base::Task<RubricResult> RubricStore::put(ports::PutRubric put, base::Deadline deadline) {
  const RowKey chat(put.chat);
  return write<RubricResult>(
      link_, "rubrics.put", deadline, {chat},
      [put = std::move(put)](Transaction& transaction) { return put_rubric(transaction, put); });
}

}  // namespace rubricon::memory
