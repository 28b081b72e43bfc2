// tests: imports.cpp
#include <rubricon/ports/contract/imports_contract.hpp>
#include <rubricon/sqlite/harness_test.hpp>

namespace rubricon::ports::contract {

INSTANTIATE_TEST_SUITE_P(Sqlite, ImportsContract, testing::Values(sqlite::make_harness));

}  // namespace rubricon::ports::contract
