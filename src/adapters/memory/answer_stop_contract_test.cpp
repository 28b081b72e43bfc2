// tests: job_writes.cpp
#include <rubricon/memory/database_harness_test.hpp>
#include <rubricon/ports/contract/answer_stop_contract.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Memory, AnswerStopContract, testing::Values(memory::make_harness));
INSTANTIATE_TEST_SUITE_P(MemoryInterleaved, AnswerStopContract,
                         testing::Values(memory::make_interleaved_harness));

}  // namespace rubricon::ports::contract
