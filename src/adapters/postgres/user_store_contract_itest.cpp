// tests: user_store.cpp
// tests: user_writes.cpp
#include <rubricon/ports/contract/user_store_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, UserStoreContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
