// tests: epochs.cpp
#include <rubricon/ports/contract/epochs_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, EpochsContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
