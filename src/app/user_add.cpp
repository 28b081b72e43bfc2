#include <rubricon/app/user_add.hpp>

#include <rubricon/app/offline_database.hpp>
#include <rubricon/app/sentence.hpp>
#include <rubricon/crypto/argon2_hasher.hpp>

#include <chrono>
#include <cstdio>

namespace rubricon::app {
namespace {

using namespace std::chrono_literals;

base::Task<base::Result<domain::User>> make_user(ports::PasswordHasher* hasher,
                                                 ports::UserStore* users, NewAccount account,
                                                 base::Deadline deadline) {
  const auto email = domain::Email::parse(account.email);
  if (!email) co_return std::unexpected(email.error());
  const auto name = domain::DisplayName::parse(account.name);
  if (!name) co_return std::unexpected(name.error());
  const auto password = domain::Password::parse(account.password);
  if (!password) co_return std::unexpected(password.error());
  const auto hash = co_await hasher->hash(*password, deadline);
  if (!hash) co_return std::unexpected(hash.error());
  ports::NewUser user{.email = *email, .name = *name, .password_hash = *hash};
  co_return co_await users->create(std::move(user), ports::Admission::anybody, deadline);
}

}  // namespace

int user_add(const Config& config, const NewAccount& account) {
  OfflineDatabase database(config);
  crypto::Argon2Hasher hasher({}, database.clock(), database.metrics());
  const auto deadline = base::Deadline::after(database.clock().monotonic(), 30s);
  const auto user = database.run(make_user(&hasher, &database.stores().users, account, deadline));
  if (!user) {
    std::fprintf(stderr, "rubricon: %s\n", sentence(user.error()).c_str());
    return 1;
  }
  std::printf("%s <%s> may sign in as %s\n", user->name.c_str(), user->email.c_str(),
              domain::to_string(user->role));
  return 0;
}

}  // namespace rubricon::app
