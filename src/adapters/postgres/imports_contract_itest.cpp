// tests: imports.cpp
#include <rubricon/ports/contract/imports_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, ImportsContract, testing::Values(postgres::make_harness));
INSTANTIATE_TEST_SUITE_P(PostgresUnprepared, ImportsContract,
                         testing::Values(postgres::make_unprepared_harness));

}  // namespace rubricon::ports::contract
