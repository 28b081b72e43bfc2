#include <rubricon/postgres/transaction.hpp>

#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace rubricon::postgres {

Transaction::Transaction(Connection* connection, const ports::Clock& clock, ports::Random& random,
                         base::Deadline deadline, Durability durability)
    : connection_(connection), random_(random), deadline_(deadline), now_(clock.now()) {
  run("BEGIN");
  for (const auto& setting : connection->transaction_settings()) kept_.push_back(setting);
  if (durability == Durability::lazy) run("SET LOCAL synchronous_commit = off");
}

base::Task<std::vector<Answer>> Transaction::send() {
  return connection_->run(std::exchange(kept_, {}), deadline_);
}

base::Task<Answer> Transaction::ask(Query query) {
  kept_.push_back(std::move(query));
  auto answers = co_await send();
  co_return std::move(answers.back());
}

base::Task<std::vector<Answer>> Transaction::ask_all(std::vector<Query> queries) {
  const auto count = static_cast<std::ptrdiff_t>(queries.size());
  std::ranges::move(queries, std::back_inserter(kept_));
  auto answers = co_await send();
  answers.erase(answers.begin(), answers.end() - count);
  co_return answers;
}

base::Task<Answer> Transaction::ask_and_commit(Query query) {
  kept_.push_back(std::move(query));
  run("COMMIT");
  commit_sent_ = true;
  auto answers = co_await send();
  done_ = true;
  co_return std::move(answers[answers.size() - 2]);
}

base::Task<void> Transaction::commit() {
  if (done_) co_return;
  run("COMMIT");
  commit_sent_ = true;
  co_await send();
  done_ = true;
}

base::Task<void> Transaction::roll_back() {
  if (done_) co_return;
  done_ = true;
  try {
    std::vector<Query> end;
    end.push_back(postgres::query("ROLLBACK"));
    co_await connection_->run(std::move(end), deadline_);
  } catch (const std::exception&) {
    // The connection is not ready then, and nobody else gets it.
  }
}

base::Uuid Transaction::make_uuid(base::Time at) {
  std::array<std::uint8_t, 10> random{};
  random_.fill(random);
  return base::Uuid::v7(base::unix_ms(at), random);
}

bool Transactor::repeatable(const std::exception_ptr& error, const Transaction& transaction) {
  try {
    std::rethrow_exception(error);
  } catch (const Failure& failure) {
    if (failure.kind() == Failure::Kind::conflict) return true;
    return failure.kind() == Failure::Kind::lost && !transaction.commit_sent();
  } catch (...) {
    return false;
  }
}

void Transactor::committed(const Transaction& transaction) const {
  if (!transaction.outbox_written()) return;
  base::failpoint("api.after_commit");
  poke();
}

}  // namespace rubricon::postgres
