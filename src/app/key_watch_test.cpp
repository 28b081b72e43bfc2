#include <rubricon/app/key_watch.hpp>

#include <rubricon/crypto/system_random.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/revocation_list.hpp>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <fstream>

namespace rubricon::app {
namespace {

using std::chrono::minutes;

class KeyWatchTest : public testing::Test {
 protected:
  ~KeyWatchTest() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path keys() const { return directory_ / "keys"; }
  std::string token() { return authority.issue({}, {}).token; }

 private:
  static std::filesystem::path make_folder() {
    auto name = (std::filesystem::temp_directory_path() / "rubricon-watch-XXXXXX").string();
    return ::mkdtemp(name.data());
  }

  const std::filesystem::path directory_ = make_folder();
  boost::asio::io_context io_;
  crypto::SystemRandom random_;

 protected:
  memory::ManualClock clock;
  memory::RevocationList revocations{clock};
  observability::Log log;
  crypto::KeyStore store{keys(), clock};
  crypto::Es256Authority authority{store.load(), {}, clock, random_, revocations};
  KeyWatch watch{io_.get_executor(), store, authority, log};
};

TEST_F(KeyWatchTest, takes_the_keys_that_another_process_has_written) {
  const auto before = token();
  const auto rotated = crypto::KeyStore(keys(), clock).rotate(minutes(20));
  EXPECT_FALSE(authority.jwks().contains(rotated.current.id()));
  watch.look();
  EXPECT_TRUE(authority.jwks().contains(rotated.current.id()));
  EXPECT_TRUE(authority.verify(before));
  EXPECT_TRUE(authority.verify(token()));
  clock.advance(minutes(20));
  EXPECT_FALSE(authority.verify(before));
}

TEST_F(KeyWatchTest, keeps_the_keys_it_has_while_the_new_ones_cannot_be_read) {
  const auto before = token();
  std::filesystem::remove(keys() / "current.pem");
  std::ofstream(keys() / "current.pem") << "half a key";
  std::filesystem::permissions(keys() / "current.pem", std::filesystem::perms(0600));
  watch.look();
  EXPECT_TRUE(authority.verify(before));
  std::filesystem::remove(keys() / "current.pem");
  const auto mended = crypto::KeyStore(keys(), clock).load();
  watch.look();
  EXPECT_TRUE(authority.jwks().contains(mended.current.id()));
  EXPECT_FALSE(authority.verify(before)) << "its key is in neither set";
}

}  // namespace
}  // namespace rubricon::app
