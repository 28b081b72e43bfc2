// tests: event_log.cpp
// tests: event_store.cpp
#include <rubricon/ports/contract/event_store_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, EventStoreContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
