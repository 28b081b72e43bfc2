#include <rubricon/crypto/argon2_hasher.hpp>

#include <rubricon/crypto/system_clock.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <thread>

namespace rubricon::crypto {
namespace {

namespace asio = boost::asio;
using std::chrono::seconds;

// Cheap enough for hundreds of hashes under ASan; the cost itself is libsodium's business.
constexpr Argon2Options cheap{.memory_bytes = 64 * 1024, .passes = 1};

domain::Password password(std::string_view text) {
  return *domain::Password::parse(text);
}

/// Work of the hasher looks at the clock first, and waits there until the gate is open.
class GateClock final : public ports::Clock {
 public:
  base::Time now() const override { return clock_.now(); }
  base::Instant monotonic() const override {
    opened_.wait(false);
    return clock_.monotonic();
  }
  void open() const {
    opened_ = true;
    opened_.notify_all();
  }

 private:
  SystemClock clock_;
  mutable std::atomic<bool> opened_ = false;
};

class Argon2HasherTest : public testing::Test {
 protected:
  template <typename T>
  T run(base::Task<T> task) {
    auto future = asio::co_spawn(context, std::move(task), asio::use_future);
    context.restart();
    context.run();
    return future.get();
  }
  base::Deadline soon() const { return base::Deadline::after(clock.monotonic(), seconds(10)); }

  /// Runs of argon2id at the cost that its options ask for.
  std::uint64_t computed() {
    return metrics.counter("rubricon_crypto_password_hashes_total", "").value();
  }

  SystemClock clock;
  observability::Metrics metrics;
  asio::io_context context;
};

TEST_F(Argon2HasherTest, VerifiesThePasswordThatItHashedAndNoOther) {
  Argon2Hasher hasher(cheap, clock, metrics);
  const auto hash = run(hasher.hash(password("correct horse"), soon()));
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$"));
  EXPECT_TRUE(*run(hasher.verify(password("correct horse"), *hash, soon())));
  EXPECT_FALSE(*run(hasher.verify(password("correct hose"), *hash, soon())));
  EXPECT_FALSE(*run(hasher.verify(password("correct horse"), "not a hash", soon())));
  EXPECT_FALSE(*run(hasher.verify(password("correct horse"), std::string(500, 'x'), soon())));
}

// The cost is what docs/security.md promises, and a hash says so itself.
TEST_F(Argon2HasherTest, CostsNineteenMebibytesAndTwoPassesByDefault) {
  Argon2Hasher hasher({}, clock, metrics);
  const auto hash = run(hasher.hash(password("correct horse"), soon()));
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *hash;
}

// S33: whoever is not there must cost as much as a wrong password: counted, since time only shows
// it.
TEST_F(Argon2HasherTest, UnknownUsersAreTheWorkOfWrongPasswords) {
  Argon2Hasher hasher(cheap, clock, metrics);
  const auto hash = run(hasher.hash(password("correct horse"), soon()));
  const auto work = [&](const char* tried, const std::string& stored) {
    const auto before = computed();
    (void)run(hasher.verify(password(tried), stored, soon()));
    return computed() - before;
  };
  EXPECT_EQ(work("correct horse", *hash), 1u);
  EXPECT_EQ(work("wrong password", *hash), 1u);
  EXPECT_EQ(work("wrong password", ""), 1u);
  EXPECT_EQ(work("nobody's password", ""), 1u);
  // What is counted is work: a text that is no hash is none, nor is a hash of another cost.
  EXPECT_EQ(work("wrong password", "not a hash"), 0u);
  Argon2Hasher dearer({.memory_bytes = 128 * 1024, .passes = 1}, clock, metrics);
  EXPECT_EQ(work("wrong password", *run(dearer.hash(password("correct horse"), soon()))), 0u);
}

TEST_F(Argon2HasherTest, NobodyHasAPassword) {
  Argon2Hasher hasher(cheap, clock, metrics);
  for (const char* tried : {"nobody's password", "wrong password"}) {
    EXPECT_FALSE(*run(hasher.verify(password(tried), "", soon())));
  }
}

TEST_F(Argon2HasherTest, RefusesAtOnceWhatItsQueueCannotHold) {
  Argon2Options options = cheap;
  options.queue_max = 4;
  const GateClock gate;
  Argon2Hasher hasher(options, gate, metrics);
  const auto deadline = soon();
  int done = 0, refused = 0;
  for (int i = 0; i < 20; ++i) {
    asio::co_spawn(context, hasher.hash(password("correct horse"), deadline),
                   [&](std::exception_ptr, const base::Result<std::string>& result) {
                     result ? ++done : ++refused;
                     if (!result) {
                       EXPECT_EQ(result.error().reason, "hasher_busy");
                     }
                     // What the queue held was not begun while any was refused.
                     if (refused == 16) gate.open();
                   });
  }
  context.run();
  EXPECT_EQ(done, 4);
  EXPECT_EQ(refused, 16);
  // The places come free again.
  EXPECT_TRUE(run(hasher.hash(password("correct horse"), deadline)));
}

TEST_F(Argon2HasherTest, DoesNotHashForAnybodyWhoHasStoppedWaiting) {
  Argon2Hasher hasher(cheap, clock, metrics);
  const auto past = base::Deadline::at(clock.monotonic());
  EXPECT_EQ(run(hasher.hash(password("correct horse"), past)).error().reason, "hasher_busy");
}

TEST_F(Argon2HasherTest, ResumesOnTheThreadOfItsCaller) {
  Argon2Hasher hasher(cheap, clock, metrics);
  std::thread::id resumed;
  const auto task = [](Argon2Hasher& h, base::Deadline d, std::thread::id& id) -> base::Task<void> {
    (void)co_await h.hash(password("correct horse"), d);
    id = std::this_thread::get_id();
  };
  run(task(hasher, soon(), resumed));
  EXPECT_EQ(resumed, std::this_thread::get_id());
}

// Work in the queue goes with the pool: no coroutine is resumed afterwards, none leaks.
TEST_F(Argon2HasherTest, MayBeDestroyedWithWorkInItsQueue) {
  auto hasher = std::make_unique<Argon2Hasher>(cheap, clock, metrics);
  for (int i = 0; i < 30; ++i) {
    asio::co_spawn(context, hasher->hash(password("correct horse"), soon()),
                   [](std::exception_ptr, const base::Result<std::string>&) {});
  }
  context.poll();
  hasher.reset();
}

}  // namespace
}  // namespace rubricon::crypto
