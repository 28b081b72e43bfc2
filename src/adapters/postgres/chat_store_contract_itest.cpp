// tests: access.cpp
// tests: chat_store.cpp
// tests: chat_writes.cpp
// tests: member_writes.cpp
#include <rubricon/ports/contract/chat_store_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, ChatStoreContract, testing::Values(postgres::make_harness));
INSTANTIATE_TEST_SUITE_P(PostgresUnprepared, ChatStoreContract,
                         testing::Values(postgres::make_unprepared_harness));

}  // namespace rubricon::ports::contract
