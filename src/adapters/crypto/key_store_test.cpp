#include <rubricon/crypto/key_store.hpp>

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

namespace rubricon::crypto {
namespace {

namespace fs = std::filesystem;
using std::chrono::minutes;

class ManualClock final : public ports::Clock {
 public:
  base::Time now() const override { return time; }
  base::Instant monotonic() const override { return {}; }
  base::Time time = *base::parse_time("2026-11-22T12:00:00.000Z");
};

class KeyStoreTest : public testing::Test {
 protected:
  KeyStoreTest() {
    std::string name = (fs::temp_directory_path() / "rubricon-keys-XXXXXX").string();
    directory = ::mkdtemp(name.data());
  }
  ~KeyStoreTest() override { fs::remove_all(directory); }

  KeyStore store() { return KeyStore(directory / "keys", clock); }
  std::string message(const std::function<void()>& action) {
    try {
      action();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
  }

  ManualClock clock;
  fs::path directory;
};

TEST_F(KeyStoreTest, TheFirstStartMakesAKeyThatLaterStartsFind) {
  const auto first = store().load();
  const auto second = store().load();
  EXPECT_EQ(first.current.id(), second.current.id());
  EXPECT_FALSE(second.previous);
  EXPECT_EQ(store().refresh_secret(), store().refresh_secret());
}

TEST_F(KeyStoreTest, OnlyTheOwnerMayReadWhatItWrites) {
  store().load();
  store().refresh_secret();
  const auto mode = [](const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 0777;
  };
  EXPECT_EQ(mode(directory / "keys"), 0700u);
  EXPECT_EQ(mode(directory / "keys/current.pem"), 0600u);
  EXPECT_EQ(mode(directory / "keys/refresh.key"), 0600u);
}

// S3: old and new work for the overlap, then the old one fails.
TEST_F(KeyStoreTest, RotationKeepsTheOldKeyForTheOverlapOnly) {
  const auto before = store().load();
  const auto after = store().rotate(minutes(20));
  EXPECT_NE(after.current.id(), before.current.id());
  ASSERT_TRUE(after.previous);
  EXPECT_EQ(after.previous->key.id(), before.current.id());
  EXPECT_EQ(after.previous->until, clock.time + minutes(20));

  clock.time += minutes(19);
  EXPECT_TRUE(store().load().previous);
  clock.time += minutes(1);
  EXPECT_FALSE(store().load().previous);
  EXPECT_EQ(store().load().current.id(), after.current.id());
}

TEST_F(KeyStoreTest, ARotationByAnotherProcessIsNoticed) {
  auto running = store();
  running.load();
  EXPECT_FALSE(running.replaced());
  const auto rotated = store().rotate(minutes(20));
  EXPECT_TRUE(running.replaced());
  EXPECT_EQ(running.load().current.id(), rotated.current.id());
  EXPECT_FALSE(running.replaced());
}

TEST_F(KeyStoreTest, ACrashBetweenTheTwoWritesOfARotationLeavesTheOldSet) {
  const auto before = store().load();
  std::ofstream(directory / "keys/previous.pem") << "Valid-Until: 2026-11-22T13:00:00.000Z\n"
                                                 << before.current.to_pem();
  fs::permissions(directory / "keys/previous.pem", fs::perms(0600));
  const auto found = store().load();
  EXPECT_EQ(found.current.id(), before.current.id());
  EXPECT_FALSE(found.previous);
}

TEST_F(KeyStoreTest, DerivesASecretForEachUse) {
  const auto secret = store().refresh_secret();
  EXPECT_EQ(derive_secret(secret, "this"), derive_secret(secret, "this"));
  EXPECT_NE(derive_secret(secret, "this"), derive_secret(secret, "that"));
  EXPECT_NE(derive_secret(secret, "this"), derive_secret(Secret{}, "this"));
  EXPECT_NE(derive_secret(secret, "this"), secret);
}

TEST_F(KeyStoreTest, SaysWhatIsWrongWithAFileThatItCannotTrust) {
  store().load();
  const auto path = directory / "keys/current.pem";
  fs::permissions(path, fs::perms(0644));
  EXPECT_NE(message([&] { store().load(); }).find("chmod 600"), std::string::npos);
  fs::permissions(path, fs::perms(0600));
  std::ofstream(path) << "not a key";
  EXPECT_NE(message([&] { store().load(); }).find("P-256"), std::string::npos);
  fs::remove(path);
  fs::create_symlink("/etc/hostname", path);
  EXPECT_NE(message([&] { store().load(); }).find("cannot open"), std::string::npos);
}

}  // namespace
}  // namespace rubricon::crypto
