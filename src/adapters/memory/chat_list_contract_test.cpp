// tests: chat_queries.cpp
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/chat_list_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, ChatListContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, ChatListContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
