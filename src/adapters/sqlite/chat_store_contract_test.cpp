// tests: access.cpp
// tests: chat_writes.cpp
// tests: member_writes.cpp
#include <rubricon/ports/contract/chat_store_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, ChatStoreContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
