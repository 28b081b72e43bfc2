// tests: dead_jobs.cpp
#include <rubricon/ports/contract/dead_jobs_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, DeadJobsContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
