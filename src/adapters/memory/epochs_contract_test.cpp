// tests: epochs.cpp
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/epochs_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, EpochsContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, EpochsContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
