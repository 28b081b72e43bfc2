#include <rubricon/sqlite/idempotency.hpp>

#include <rubricon/sqlite/harness_test.hpp>
#include <rubricon/sqlite/migrations.hpp>
#include <rubricon/sqlite/session_store.hpp>

#include <gtest/gtest.h>

namespace rubricon::sqlite {
namespace {

class IdempotencyTest : public testing::Test {
 protected:
  void SetUp() override { migrate(db, migrations(), clock.now()); }

  std::int64_t stored() {
    auto row = db.query("SELECT count(*) FROM idempotency");
    row.step();
    return row.integer(0);
  }

  void advance(base::Milliseconds by) {
    clock.advance(by);
    transaction.begin_call();
  }

  TestFolder folder;
  TestClock clock;
  SeededRandom random;
  Connection db{folder.file(), base::Milliseconds(100)};
  Transaction transaction{db, clock, random, 0};
  domain::UserId user{base::Uuid::v7(1, {})};
  domain::IdempotencyKey key = domain::IdempotencyKey::parse("k").value();
  RequestName name{user, "route", key};
  RequestHash hash = hash_request({"a", "b"});
};

TEST_F(IdempotencyTest, different_parts_have_different_hashes) {
  EXPECT_EQ(hash_request({"a", "b"}), hash);
  EXPECT_NE(hash_request({"ab", ""}), hash);
  EXPECT_NE(hash_request({"a", "b", ""}), hash);
  EXPECT_NE(hash_request({"1:b", ""}), hash_request({"", "1:b"}));
}

TEST_F(IdempotencyTest, a_response_is_kept_for_seven_days) {
  EXPECT_EQ(find_response(transaction, name, hash).value(), std::optional<std::string>());
  store_response(transaction, name, hash, "the answer");
  advance(std::chrono::days(7) - base::Milliseconds(1));
  EXPECT_EQ(find_response(transaction, name, hash).value(),
            std::optional<std::string>("the answer"));
  EXPECT_EQ(find_response(transaction, name, hash_request({"c"})).error().code,
            base::ErrorCode::idempotency_mismatch);
  advance(base::Milliseconds(1));
  EXPECT_EQ(find_response(transaction, name, hash_request({"c"})).value(),
            std::optional<std::string>());
  store_response(transaction, name, hash_request({"c"}), "another");
  EXPECT_EQ(stored(), 1);
}

TEST_F(IdempotencyTest, cleaning_up_is_bounded_and_spares_what_is_fresh) {
  for (int i = 0; i < 10; ++i) {
    const auto own = domain::IdempotencyKey::parse("k" + std::to_string(i)).value();
    store_response(transaction, {user, "route", own}, hash, "");
    advance(std::chrono::days(1));
  }
  // Ten days have passed: those of the first four days, 7 to 10 days old, have expired.
  EXPECT_EQ(forget_responses(transaction, 3), 3);
  EXPECT_EQ(forget_responses(transaction, 3), 1);
  EXPECT_EQ(forget_responses(transaction, 3), 0);
  EXPECT_EQ(stored(), 6);
}

TEST_F(IdempotencyTest, families_that_ended_long_ago_are_forgotten_with_their_tokens) {
  db.execute("PRAGMA foreign_keys = ON");
  db.run(
      "INSERT INTO users (id, email, name, role, locale, password_hash, created_at) "
      "VALUES (?, 'a@b.tw', 'a', 'admin', 'en', '', 0)",
      user);
  for (std::uint8_t day = 0; day < 5; ++day) {
    ports::TokenHash token{};
    token.fill(day);
    const domain::SessionId session(base::Uuid::v7(day + 1, {}));
    db.run("INSERT INTO sessions (id, user_id, created_at, expires_at) VALUES (?, ?, 0, ?)",
           session, user, base::Time(clock.now() + std::chrono::days(day)));
    db.run("INSERT INTO refresh_tokens (hash, session_id) VALUES (?, ?)", token, session);
  }
  advance(std::chrono::days(33));
  EXPECT_EQ(forget_sessions(transaction, 2), 2);
  EXPECT_EQ(forget_sessions(transaction, 2), 1);
  EXPECT_EQ(forget_sessions(transaction, 2), 0);
  auto row = db.query("SELECT count(*) FROM refresh_tokens");
  row.step();
  EXPECT_EQ(row.integer(0), 2);
}

}  // namespace
}  // namespace rubricon::sqlite
