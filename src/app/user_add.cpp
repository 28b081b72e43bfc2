#include <rubricon/app/user_add.hpp>

#include <rubricon/crypto/argon2_hasher.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/sqlite/database.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

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

std::string sentence(const base::Error& error) {
  if (error.fields.empty()) return error.detail;
  return error.fields.front().field + " " + error.fields.front().message;
}

}  // namespace

int user_add(const Config& config, const NewAccount& account) {
  std::filesystem::create_directories(config.data_dir);
  boost::asio::io_context io(1);
  const crypto::SystemClock clock;
  crypto::SystemRandom random;
  sqlite::Database database({.path = config.database()}, clock, random);
  observability::Metrics metrics;  // nobody asks for them here
  crypto::Argon2Hasher hasher({}, clock, metrics);
  const auto deadline = base::Deadline::after(clock.monotonic(), 30s);
  auto made = boost::asio::co_spawn(io, make_user(&hasher, &database.users(), account, deadline),
                                    boost::asio::use_future);
  io.run();
  const auto user = made.get();
  if (!user) {
    std::fprintf(stderr, "rubricon: %s\n", sentence(user.error()).c_str());
    return 1;
  }
  std::printf("%s <%s> may sign in as %s\n", user->name.c_str(), user->email.c_str(),
              domain::to_string(user->role));
  return 0;
}

}  // namespace rubricon::app
