// tests: chat_rows.cpp
// tests: chat_writes.cpp
// tests: responses.cpp
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/chat_store_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, ChatStoreContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, ChatStoreContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
