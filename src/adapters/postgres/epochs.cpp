#include <rubricon/postgres/epochs.hpp>

namespace rubricon::postgres {
namespace {

base::Task<std::int64_t> begin(Transaction* transaction) {
  transaction->run(
      "SET LOCAL statement_timeout = 0");  // there may be millions; the caller's counts
  const auto streams = co_await transaction->query(
      "WITH c AS (UPDATE chats SET epoch = epoch + 1 RETURNING 1), "
      "u AS (UPDATE users SET epoch = epoch + 1 RETURNING 1) "
      "SELECT (SELECT count(*) FROM c) + (SELECT count(*) FROM u)");
  co_return streams.front().integer(0);
}

}  // namespace

base::Task<std::int64_t> Epochs::begin_new(base::Deadline deadline) {
  return transactor_.perform<std::int64_t>(deadline, begin);
}

}  // namespace rubricon::postgres
