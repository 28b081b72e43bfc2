// tests: dead_jobs.cpp
#include <rubricon/ports/contract/dead_jobs_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, DeadJobsContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
