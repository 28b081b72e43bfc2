// tests: epochs.cpp
#include <rubricon/ports/contract/epochs_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, EpochsContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
