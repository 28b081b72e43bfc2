// tests: job_writes.cpp
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/job_store_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, JobStoreContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, JobStoreContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
