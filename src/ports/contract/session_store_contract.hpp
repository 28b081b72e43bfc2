/// What every SessionStore must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <algorithm>

namespace rubricon::ports::contract {

class SessionStoreContract : public StoreContract {
 protected:
  static constexpr base::Milliseconds grace = std::chrono::seconds(10);

  void SetUp() override {
    user = make_user("teacher");
    session = open(token(1));
  }

  /// Distinct for distinct numbers.
  static TokenHash token(std::uint8_t number) {
    TokenHash hash{};
    hash.fill(number);
    return hash;
  }

  domain::SessionId open(TokenHash first) {
    return run(
        harness->sessions().open(user.id, first, harness->now() + std::chrono::days(30), soon()));
  }
  base::Result<SessionUser> rotate(std::uint8_t from, std::uint8_t to) {
    return run(harness->sessions().rotate(token(from), token(to), grace, soon()));
  }
  std::vector<domain::Event> revocations() { return stream(domain::StreamId(user.id)); }

  domain::User user;
  domain::SessionId session;
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SessionStoreContract);

TEST_P(SessionStoreContract, rotation_replaces_the_token_and_says_whose_it_is) {
  const auto first = rotate(1, 2);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->session, session);
  EXPECT_EQ(first->user, user);
  EXPECT_TRUE(rotate(2, 3));
  EXPECT_TRUE(rotate(3, 4));
  EXPECT_THAT(revocations(), testing::IsEmpty());
}

TEST_P(SessionStoreContract, a_repeated_rotation_is_answered_the_same_within_the_grace) {
  const auto first = rotate(1, 2).value();
  harness->advance(grace - base::Milliseconds(1));
  const auto again = rotate(1, 2);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->session, first.session);
  EXPECT_TRUE(rotate(2, 3)) << "the successor is still current";
}

TEST_P(SessionStoreContract, another_successor_or_an_outdated_one_was_recently_rotated) {
  ASSERT_TRUE(rotate(1, 2));
  EXPECT_THAT(rotate(1, 9), refused(base::ErrorCode::conflict, "recently_rotated"));
  ASSERT_TRUE(rotate(2, 3));
  EXPECT_THAT(rotate(1, 2), refused(base::ErrorCode::conflict, "recently_rotated"));
  EXPECT_TRUE(rotate(3, 4)) << "the family lives";
}

TEST_P(SessionStoreContract, the_use_of_a_token_replaced_long_ago_ends_the_family) {
  ASSERT_TRUE(rotate(1, 2));
  harness->advance(grace);
  EXPECT_THAT(rotate(1, 2), refused(base::ErrorCode::unauthenticated, "refresh_reused"));
  EXPECT_THAT(rotate(2, 3), refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
  EXPECT_THAT(rotate(1, 2), refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
  const auto events = revocations();
  ASSERT_THAT(events, testing::SizeIs(1));
  EXPECT_EQ(events[0].type, domain::EventType::session_revoked);
  EXPECT_EQ(events[0].at, harness->now());
  EXPECT_EQ(data(events[0]), (boost::json::value{{"sessionId", session.to_string()}}));
}

TEST_P(SessionStoreContract, of_two_rotations_at_once_one_wins_and_no_family_dies) {
  std::vector<base::Task<base::Result<SessionUser>>> calls;
  for (std::uint8_t to = 10; to < 20; ++to) {
    calls.push_back(harness->sessions().rotate(token(1), token(to), grace, soon()));
  }
  const auto results = run_all(std::move(calls));
  EXPECT_EQ(std::ranges::count_if(results, [](const auto& r) { return r.has_value(); }), 1);
  EXPECT_THAT(revocations(), testing::IsEmpty());
}

TEST_P(SessionStoreContract, unknown_and_expired_tokens_are_invalid) {
  EXPECT_THAT(rotate(77, 78), refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
  harness->advance(std::chrono::days(30));
  EXPECT_THAT(rotate(1, 2), refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
}

TEST_P(SessionStoreContract, rotation_does_not_move_the_end_of_the_family) {
  std::uint8_t current = 1;
  for (int day = 0; day < 29; ++day) {
    harness->advance(std::chrono::days(1));
    ASSERT_TRUE(rotate(current, current + 1));
    ++current;
  }
  harness->advance(std::chrono::days(1));
  EXPECT_THAT(rotate(current, current + 1),
              refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
}

TEST_P(SessionStoreContract, signing_out_ends_the_family_by_any_of_its_tokens_once) {
  ASSERT_TRUE(rotate(1, 2));
  const auto other = open(token(50));
  run(harness->sessions().revoke_by_token(token(1), soon()));
  run(harness->sessions().revoke_by_token(token(2), soon()));
  run(harness->sessions().revoke_by_token(token(99), soon()));
  EXPECT_THAT(rotate(2, 3), refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
  EXPECT_THAT(revocations(), testing::SizeIs(1));
  EXPECT_EQ(rotate(50, 51).value().session, other);
}

TEST_P(SessionStoreContract, a_user_ends_own_families_and_nobody_elses) {
  const auto stranger = make_user("stranger");
  auto& sessions = harness->sessions();
  EXPECT_THAT(run(sessions.revoke(stranger.id, session, soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_THAT(run(sessions.revoke(user.id, domain::SessionId(), soon())),
              refused(base::ErrorCode::not_found));
  EXPECT_TRUE(run(sessions.revoke(user.id, session, soon())));
  EXPECT_TRUE(run(sessions.revoke(user.id, session, soon())));
  EXPECT_THAT(revocations(), testing::SizeIs(1));
}

TEST_P(SessionStoreContract, a_user_sees_the_own_sessions_that_have_not_ended_newest_first) {
  const auto stranger = make_user("stranger");
  auto& sessions = harness->sessions();
  harness->advance(std::chrono::minutes(1));
  const auto ended = open(token(20));
  harness->advance(std::chrono::minutes(1));
  const auto last = open(token(30));
  const auto opened = harness->now();
  ASSERT_TRUE(run(sessions.revoke(user.id, ended, soon())));
  const auto all = run(sessions.list(user.id, 10, soon()));
  ASSERT_THAT(all, testing::SizeIs(2));
  EXPECT_EQ(all[0], (OpenSession{last, opened, opened + std::chrono::days(30)}));
  EXPECT_EQ(all[1].id, session);
  EXPECT_THAT(run(sessions.list(user.id, 1, soon())), testing::ElementsAre(all[0]));
  EXPECT_THAT(run(sessions.list(stranger.id, 10, soon())), testing::IsEmpty());
  harness->advance(std::chrono::days(30) - std::chrono::minutes(1));
  EXPECT_THAT(run(sessions.list(user.id, 10, soon())), testing::ElementsAre(all[0]));
}

TEST_P(SessionStoreContract, a_new_password_ends_every_other_session_of_its_user) {
  const auto stranger = make_user("stranger");
  const auto kept = open(token(40));
  const auto theirs = run(harness->sessions().open(stranger.id, token(41),
                                                   harness->now() + std::chrono::days(30), soon()));
  auto& users = harness->users();
  const auto email = domain::Email::parse(user.email).value();
  PasswordChange change{.user = user.id,
                        .present_hash = run(users.find_by_email(email, soon()))->password_hash,
                        .next_hash = "new hash",
                        .kept = kept};
  const auto ended = run(users.change_password(change, soon()));
  ASSERT_TRUE(ended.has_value());
  EXPECT_THAT(*ended, testing::ElementsAre(session));
  EXPECT_EQ(run(users.find_by_email(email, soon()))->password_hash, "new hash");
  EXPECT_THAT(rotate(1, 2), refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
  EXPECT_EQ(rotate(40, 42).value().session, kept);
  EXPECT_EQ(rotate(41, 43).value().session, theirs);
  ASSERT_THAT(revocations(), testing::SizeIs(1));
  EXPECT_EQ(data(revocations()[0]), (boost::json::value{{"sessionId", session.to_string()}}));
  change.next_hash = "another";
  EXPECT_THAT(run(users.change_password(change, soon())), refused(base::ErrorCode::conflict))
      << "whoever knew the old password only";
  EXPECT_EQ(run(users.find_by_email(email, soon()))->password_hash, "new hash");
  change.user = domain::UserId();
  EXPECT_THAT(run(users.change_password(change, soon())), refused(base::ErrorCode::not_found));
}

TEST_P(SessionStoreContract, disabling_an_account_ends_its_sessions_and_nobody_elses) {
  auto& users = harness->users();
  const auto email = domain::Email::parse(user.email).value();
  const auto stranger = make_user("stranger");
  const auto other = open(token(40));
  const auto theirs = run(harness->sessions().open(stranger.id, token(41),
                                                   harness->now() + std::chrono::days(30), soon()));
  const auto ended = run(users.set_disabled(email, true, soon()));
  ASSERT_TRUE(ended.has_value());
  EXPECT_THAT(*ended, testing::UnorderedElementsAre(session, other));
  EXPECT_TRUE(run(users.find_by_email(email, soon()))->user.disabled);
  EXPECT_THAT(rotate(1, 2), refused(base::ErrorCode::unauthenticated, "refresh_invalid"));
  EXPECT_EQ(rotate(41, 43).value().session, theirs);
  EXPECT_THAT(revocations(), testing::SizeIs(2));
  EXPECT_THAT(run(users.set_disabled(email, true, soon())).value(), testing::IsEmpty())
      << "repeated";
  EXPECT_TRUE(run(users.set_disabled(email, false, soon())));
  EXPECT_FALSE(run(users.find_by_email(email, soon()))->user.disabled);
  EXPECT_THAT(rotate(1, 2), refused(base::ErrorCode::unauthenticated, "refresh_invalid"))
      << "what has ended stays so";
  const auto nobody = domain::Email::parse("nobody@school.tw").value();
  EXPECT_THAT(run(users.set_disabled(nobody, true, soon())), refused(base::ErrorCode::not_found));
}

TEST_P(SessionStoreContract, revocations_are_listed_from_an_instant_on) {
  const auto early = open(token(60));
  run(harness->sessions().revoke_by_token(token(60), soon()));
  harness->advance(std::chrono::minutes(20));
  const auto since = harness->now();
  run(harness->sessions().revoke_by_token(token(1), soon()));
  const auto late = run(harness->sessions().revoked_since(since, soon()));
  ASSERT_THAT(late, testing::SizeIs(1));
  EXPECT_EQ(late[0].session, session);
  EXPECT_EQ(late[0].at, since);
  const auto all = run(harness->sessions().revoked_since({}, soon()));
  ASSERT_THAT(all, testing::SizeIs(2));
  EXPECT_EQ(all[0].session, early);
}

}  // namespace rubricon::ports::contract
