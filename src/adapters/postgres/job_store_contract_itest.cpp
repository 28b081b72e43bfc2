// tests: job_store.cpp
// tests: job_writes.cpp
#include <rubricon/ports/contract/job_store_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, JobStoreContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
