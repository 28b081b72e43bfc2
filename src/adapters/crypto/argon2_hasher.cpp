#include <rubricon/crypto/argon2_hasher.hpp>

#include <sodium.h>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <atomic>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace rubricon::crypto {
namespace {

namespace asio = boost::asio;
using base::ErrorCode;
using base::fail;

std::unexpected<base::Error> busy() {
  return fail(ErrorCode::unavailable, "too many sign-ins at once", "hasher_busy");
}

/// Empty where memory runs out.
std::string make_hash(const std::string& password, const Argon2Options& options) {
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), options.passes,
                        options.memory_bytes) != 0) {
    return {};
  }
  return text.data();
}

bool matches(const std::string& password, const std::string& hash) {
  // libsodium reads a terminated text of at most this size.
  std::array<char, crypto_pwhash_STRBYTES> text{};
  if (hash.size() >= text.size()) return false;
  std::memcpy(text.data(), hash.data(), hash.size());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

}  // namespace

struct Argon2Hasher::Pool {
  Pool(const Argon2Options& o, const ports::Clock& c) : options(o), clock(c), threads(o.threads) {}

  /// Runs `work` on the pool and resumes on the caller's executor with what it returned.
  template <typename Work>
  auto run(Work work) {
    using Value = std::invoke_result_t<Work>;
    auto start = [this](auto handler, Work job) {
      // The work guard keeps the caller's loop running until the answer is there.
      auto executor = asio::prefer(asio::get_associated_executor(handler),
                                   asio::execution::outstanding_work.tracked);
      asio::post(
          threads, [this, executor, job = std::move(job), handler = std::move(handler)]() mutable {
            Value value = job();
            pending.fetch_sub(1, std::memory_order_relaxed);
            asio::dispatch(executor,
                           [handler = std::move(handler), value = std::move(value)]() mutable {
                             std::move(handler)(std::move(value));
                           });
          });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Value)>(
        std::move(start), asio::use_awaitable, std::move(work));
  }

  /// Takes a place in the queue, or says that there is none.
  bool admit() {
    if (pending.fetch_add(1, std::memory_order_relaxed) < options.queue_max) return true;
    pending.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }

  const Argon2Options options;
  const ports::Clock& clock;
  std::string hash_of_nobody;
  std::atomic<std::size_t> pending{0};
  asio::thread_pool threads;
};

Argon2Hasher::Argon2Hasher(const Argon2Options& options, const ports::Clock& clock) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot find a source of randomness");
  pool_ = std::make_unique<Pool>(options, clock);
  pool_->hash_of_nobody = make_hash("nobody's password", options);
  if (pool_->hash_of_nobody.empty()) throw std::runtime_error("not enough memory for argon2id");
}

Argon2Hasher::~Argon2Hasher() {
  pool_->threads.stop();
  pool_->threads.join();
}

base::Task<base::Result<std::string>> Argon2Hasher::hash(domain::Password password,
                                                         base::Deadline deadline) {
  if (!pool_->admit()) co_return busy();
  auto work = [pool = pool_.get(), password = std::move(password), deadline]() -> std::string {
    if (deadline.reached(pool->clock.monotonic())) return {};
    return make_hash(password.secret(), pool->options);
  };
  auto text = co_await pool_->run(std::move(work));
  if (text.empty()) co_return busy();
  co_return text;
}

base::Task<base::Result<bool>> Argon2Hasher::verify(domain::Password password, std::string hash,
                                                    base::Deadline deadline) {
  if (!pool_->admit()) co_return busy();
  auto work = [pool = pool_.get(), password = std::move(password), hash = std::move(hash),
               deadline]() -> std::optional<bool> {
    if (deadline.reached(pool->clock.monotonic())) return std::nullopt;
    if (!hash.empty()) return matches(password.secret(), hash);
    // The same work for a user that is not there, and never a match.
    (void)matches(password.secret(), pool->hash_of_nobody);
    return false;
  };
  const auto matched = co_await pool_->run(std::move(work));
  if (!matched) co_return busy();
  co_return *matched;
}

}  // namespace rubricon::crypto
