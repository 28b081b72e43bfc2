// tests: job_writes.cpp
#include <rubricon/ports/contract/answer_stop_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, AnswerStopContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
