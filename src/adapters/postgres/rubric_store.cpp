#include <rubricon/postgres/rubric_store.hpp>

#include <rubricon/postgres/access.hpp>
#include <rubricon/postgres/rows.hpp>
#include <rubricon/postgres/rubric_writes.hpp>

#include <utility>

namespace rubricon::postgres {

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

base::Task<base::Result<ports::RubricRecord>> RubricStore::put(ports::PutRubric put,
                                                               base::Deadline deadline) {
  return transactor_.perform<base::Result<ports::RubricRecord>>(
      deadline, [put = std::move(put)](Transaction* t) { return put_rubric(t, put); });
}

}  // namespace rubricon::postgres
