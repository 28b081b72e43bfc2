/// What every UserStore must do.
#pragma once

#include <rubricon/ports/contract/store_contract.hpp>

#include <algorithm>

namespace rubricon::ports::contract {

class UserStoreContract : public StoreContract {
 protected:
  static NewUser somebody(std::string_view email, std::string_view name = "王老師") {
    return {.email = domain::Email::parse(email).value(),
            .name = domain::DisplayName::parse(name).value(),
            .locale = domain::Locale::en,
            .password_hash = "$argon2id$v=19$x"};
  }
  base::Result<domain::User> create(std::string_view email,
                                    Admission admission = Admission::anybody) {
    return run(harness->users().create(somebody(email), admission, soon()));
  }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(UserStoreContract);

TEST_P(UserStoreContract, the_first_user_is_admin_and_the_others_are_teachers) {
  const auto first = create("a@school.tw").value();
  const auto second = create("b@school.tw").value();
  EXPECT_EQ(first.role, domain::UserRole::admin);
  EXPECT_EQ(second.role, domain::UserRole::teacher);
  EXPECT_EQ(first.created_at, harness->now());
  EXPECT_EQ(base::time_from_unix_ms(first.id.uuid().unix_ms()), harness->now());
}

TEST_P(UserStoreContract, of_many_first_users_at_once_one_is_admin) {
  std::vector<base::Task<base::Result<domain::User>>> calls;
  for (int i = 0; i < 20; ++i) {
    calls.push_back(harness->users().create(somebody("u" + std::to_string(i) + "@school.tw"),
                                            Admission::anybody, soon()));
  }
  const auto users = run_all(std::move(calls));
  EXPECT_EQ(std::ranges::count_if(
                users, [](const auto& u) { return u.value().role == domain::UserRole::admin; }),
            1);
}

TEST_P(UserStoreContract, an_address_in_use_is_taken_even_at_once) {
  std::vector<base::Task<base::Result<domain::User>>> calls;
  for (int i = 0; i < 10; ++i) {
    calls.push_back(
        harness->users().create(somebody("same@school.tw"), Admission::anybody, soon()));
  }
  const auto users = run_all(std::move(calls));
  EXPECT_EQ(std::ranges::count_if(users, [](const auto& u) { return u.has_value(); }), 1);
  EXPECT_THAT(create("Same@School.TW"), refused(base::ErrorCode::conflict, "email_taken"));
}

TEST_P(UserStoreContract, a_closed_installation_admits_only_its_first_user) {
  EXPECT_TRUE(create("a@school.tw", Admission::only_first));
  EXPECT_THAT(create("b@school.tw", Admission::only_first),
              refused(base::ErrorCode::forbidden, "signup_closed"));
  EXPECT_TRUE(create("c@school.tw", Admission::anybody));
}

TEST_P(UserStoreContract, a_user_is_found_by_address_and_by_id) {
  const auto user = create("a@school.tw").value();
  const auto email = domain::Email::parse("A@School.tw").value();
  const auto found = run(harness->users().find_by_email(email, soon()));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->user, user);
  EXPECT_EQ(found->password_hash, "$argon2id$v=19$x");
  EXPECT_EQ(run(harness->users().find(user.id, soon())), user);

  const auto nobody = domain::Email::parse("nobody@school.tw").value();
  EXPECT_FALSE(run(harness->users().find_by_email(nobody, soon())).has_value());
  EXPECT_EQ(run(harness->users().find(domain::UserId(), soon())), std::nullopt);
}

TEST_P(UserStoreContract, an_update_changes_what_it_names_and_no_more) {
  auto user = create("a@school.tw").value();
  user.name = "林老師";
  EXPECT_EQ(
      run(harness->users().update(
          user.id, {.name = domain::DisplayName::parse(user.name).value(), .locale = {}}, soon())),
      user);
  user.locale = domain::Locale::zh_tw;
  EXPECT_EQ(run(harness->users().update(user.id, {.name = {}, .locale = user.locale}, soon())),
            user);
  EXPECT_EQ(run(harness->users().find(user.id, soon())), user);
  EXPECT_THAT(run(harness->users().update(domain::UserId(), {}, soon())),
              refused(base::ErrorCode::not_found));
}

TEST_P(UserStoreContract, accounts_are_listed_by_address) {
  const auto c = create("c@school.tw").value();
  const auto a = create("a@school.tw").value();
  const auto b = create("b@school.tw").value();
  auto list = [&](const std::string& after, std::size_t limit) {
    return run(harness->users().list(after, limit, soon()));
  };
  EXPECT_THAT(list("", 10), testing::ElementsAre(a, b, c));
  EXPECT_THAT(list("", 2), testing::ElementsAre(a, b));
  EXPECT_THAT(list("b@school.tw", 2), testing::ElementsAre(c));
  EXPECT_THAT(list("c@school.tw", 2), testing::IsEmpty());
}

}  // namespace rubricon::ports::contract
