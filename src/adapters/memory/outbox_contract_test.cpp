#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/outbox_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, OutboxContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, OutboxContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
