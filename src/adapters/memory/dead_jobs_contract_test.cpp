// tests: dead_jobs.cpp
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/dead_jobs_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, DeadJobsContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, DeadJobsContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
