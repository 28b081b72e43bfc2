// tests: session_store.cpp
// tests: session_writes.cpp
#include <rubricon/ports/contract/session_store_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, SessionStoreContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
