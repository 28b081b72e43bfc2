// tests: message_queries.cpp
// tests: message_writes.cpp
// tests: rows.cpp
#include <rubricon/ports/contract/message_store_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, MessageStoreContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
