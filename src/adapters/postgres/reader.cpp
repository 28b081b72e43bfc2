#include <rubricon/postgres/reader.hpp>

#include <rubricon/postgres/failure.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace rubricon::postgres {

base::Task<Answer> Reader::ask(Query query, base::Deadline deadline) {
  ++reads_;
  ++statements_;
  auto answers = co_await run(together(std::move(query)), deadline);
  co_return std::move(answers.front());
}

base::Task<std::vector<Answer>> Reader::ask_all(std::vector<Query> queries,
                                                base::Deadline deadline) {
  ++reads_;
  statements_ += queries.size();
  co_return without_frame(co_await run(in_one_snapshot(std::move(queries)), deadline));
}

std::vector<Query> in_one_snapshot(std::vector<Query> queries) {
  auto all = together(query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  std::ranges::move(queries, std::back_inserter(all));
  all.push_back(query("COMMIT"));
  return all;
}

std::vector<Answer> without_frame(std::vector<Answer> answers) {
  answers.erase(answers.begin());
  answers.pop_back();
  return answers;
}

base::Task<std::vector<Answer>> Reader::run(std::vector<Query> queries, base::Deadline deadline) {
  for (int attempt = 1;; ++attempt) {
    auto lease = co_await pool_.acquire(deadline);
    try {
      auto copy = queries;
      co_return co_await lease->run(std::move(copy), deadline);
    } catch (const Failure& failure) {
      if (failure.kind() != Failure::Kind::lost || attempt == 2) throw;
    }
  }
}

}  // namespace rubricon::postgres
