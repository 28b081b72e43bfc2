// tests: rubric_store.cpp
// tests: rubric_writes.cpp
#include <rubricon/ports/contract/rubric_store_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, RubricStoreContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
