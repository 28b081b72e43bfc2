// tests: outbox.cpp
// tests: transaction.cpp
#include <rubricon/ports/contract/outbox_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, OutboxContract, testing::Values(postgres::make_harness));
INSTANTIATE_TEST_SUITE_P(PostgresUnprepared, OutboxContract,
                         testing::Values(postgres::make_unprepared_harness));

}  // namespace rubricon::ports::contract
