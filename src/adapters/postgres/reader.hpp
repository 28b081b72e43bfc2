/// Reads outside of transactions, on the connections of a pool.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/postgres/pool.hpp>
#include <rubricon/postgres/query.hpp>

#include <cstdint>
#include <vector>

namespace rubricon::postgres {

/// The queries as one transaction that sees the database as of one instant and changes nothing.
std::vector<Query> in_one_snapshot(std::vector<Query> queries);
/// The answers of its queries alone.
std::vector<Answer> without_frame(std::vector<Answer> answers);

/// Each call is one round trip, and is repeated once where the server had gone away.
class Reader {
 public:
  /// `pool` outlives it.
  explicit Reader(Pool& pool) : pool_(pool) {}

  /// One statement.
  base::Task<Answer> ask(Query query, base::Deadline deadline);
  /// Several that see the database as of one instant: an answer each.
  base::Task<std::vector<Answer>> ask_all(std::vector<Query> queries, base::Deadline deadline);

  /// Running totals.
  std::uint64_t reads() const { return reads_; }
  std::uint64_t statements() const { return statements_; }

 private:
  base::Task<std::vector<Answer>> run(std::vector<Query> queries, base::Deadline deadline);

  Pool& pool_;
  std::uint64_t reads_ = 0;
  std::uint64_t statements_ = 0;
};

}  // namespace rubricon::postgres
