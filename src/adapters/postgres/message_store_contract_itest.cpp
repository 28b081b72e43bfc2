// tests: message_queries.cpp
// tests: message_store.cpp
// tests: message_writes.cpp
// tests: rows.cpp
#include <rubricon/ports/contract/message_store_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, MessageStoreContract, testing::Values(postgres::make_harness));
INSTANTIATE_TEST_SUITE_P(PostgresUnprepared, MessageStoreContract,
                         testing::Values(postgres::make_unprepared_harness));

}  // namespace rubricon::ports::contract
