// tests: job_writes.cpp
#include <rubricon/ports/contract/answer_stop_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, AnswerStopContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
