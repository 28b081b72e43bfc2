#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/user_store_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, UserStoreContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, UserStoreContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
