#include <rubricon/memory/rubric_store.hpp>

#include <rubricon/memory/chat_rows.hpp>
#include <rubricon/memory/rubric_writes.hpp>

#include <utility>

namespace rubricon::memory {

using RubricResult = base::Result<ports::RubricRecord>;

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

base::Task<RubricResult> RubricStore::put(ports::PutRubric put, base::Deadline deadline) {
  const RowKey chat(put.chat);
  return write<RubricResult>(
      link_, "rubrics.put", deadline, {chat},
      [put = std::move(put)](Transaction& transaction) { return put_rubric(transaction, put); });
}

}  // namespace rubricon::memory
