#include <rubricon/postgres/secret_table.hpp>

#include <rubricon/ports/contract/secret_shelf_contract.hpp>
#include <rubricon/postgres/harness_test.hpp>

#include <thread>
#include <vector>

namespace rubricon::postgres {

class SecretTableHarness {
 public:
  std::unique_ptr<ports::SecretShelf> open() { return std::make_unique<SecretTable>(home.url()); }
  TestDatabase home;
};

namespace {

TEST(SecretTable, outlives_the_loss_of_its_connection) {
  const TestDatabase home;
  SecretTable table(home.url());
  table.write("a", "1");
  Inspector(home.url())
      .run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = "
          "'rubricon "
          "keys' AND datname = current_database()");
  EXPECT_EQ(table.read("a"), "1");
}

TEST(SecretTable, is_made_once_by_many_who_begin_together) {
  const TestDatabase home;
  std::vector<std::string> found(4);
  {
    std::vector<std::jthread> processes;
    for (std::size_t n = 0; n < found.size(); ++n) {
      processes.emplace_back([&, n] {
        SecretTable table(home.url());
        found[n] = table.make("key", std::to_string(n));
      });
    }
  }
  EXPECT_EQ(found, std::vector<std::string>(found.size(), found[0]));
}

TEST(SecretTable, says_without_the_password_that_there_is_no_server) {
  try {
    const SecretTable table("postgresql://me:s3cret@127.0.0.1:1/x", base::Milliseconds(0));
    FAIL() << "it connected";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("cannot be reached"), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace rubricon::postgres

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, SecretShelfContract, postgres::SecretTableHarness);
}
