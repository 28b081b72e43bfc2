// tests: message_writes.cpp
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/message_store_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, MessageStoreContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, MessageStoreContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
