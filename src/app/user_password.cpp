#include <rubricon/app/user_password.hpp>

#include <rubricon/app/offline_database.hpp>
#include <rubricon/app/sentence.hpp>
#include <rubricon/crypto/argon2_hasher.hpp>

#include <chrono>
#include <cstdio>
#include <utility>
#include <vector>

namespace rubricon::app {
namespace {

using namespace std::chrono_literals;

using Ended = std::vector<domain::SessionId>;

base::Task<base::Result<Ended>> replace(ports::PasswordHasher* hasher, ports::UserStore* users,
                                        std::string address, std::string secret,
                                        base::Deadline deadline) {
  const auto email = domain::Email::parse(address);
  if (!email) co_return std::unexpected(email.error());
  const auto password = domain::Password::parse(secret);
  if (!password) co_return std::unexpected(password.error());
  const auto account = co_await users->find_by_email(*email, deadline);
  if (!account) co_return base::fail(base::ErrorCode::not_found, "nobody has this address");
  auto hash = co_await hasher->hash(*password, deadline);
  if (!hash) co_return std::unexpected(hash.error());
  ports::PasswordChange change{.user = account->user.id,
                               .present_hash = account->password_hash,
                               .next_hash = std::move(*hash),
                               .kept = {}};
  co_return co_await users->change_password(std::move(change), deadline);
}

}  // namespace

int set_user_password(const Config& config, const std::string& email, const std::string& password) {
  OfflineDatabase database(config);
  crypto::Argon2Hasher hasher({}, database.clock(), database.metrics());
  const auto deadline = base::Deadline::after(database.clock().monotonic(), 30s);
  const auto ended =
      database.run(replace(&hasher, &database.stores().users, email, password, deadline));
  if (!ended) {
    std::fprintf(stderr, "rubricon: %s\n", sentence(ended.error()).c_str());
    return 1;
  }
  std::printf("%s has a new password; %zu sessions were ended\n", email.c_str(), ended->size());
  return 0;
}

}  // namespace rubricon::app
