// tests: chat_queries.cpp
// tests: search_index.cpp
#include <rubricon/ports/contract/chat_list_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Postgres, ChatListContract, testing::Values(postgres::make_harness));

}  // namespace rubricon::ports::contract
