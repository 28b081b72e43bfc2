// tests: job_writes.cpp
#include <rubricon/ports/contract/job_store_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, JobStoreContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
