// tests: event_log.cpp
#include <rubricon/ports/contract/event_store_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, EventStoreContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
