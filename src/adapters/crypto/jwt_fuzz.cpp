// Any bytes as an access token: refused without a crash, or one that we signed.
#include <rubricon/base/assert.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/system_random.hpp>

#include <cstdint>
#include <string_view>

namespace {

using namespace rubricon;

class StillClock final : public ports::Clock {
 public:
  base::Time now() const override { return base::time_from_unix_ms(1'795'384'115'123); }
  base::Instant monotonic() const override { return {}; }
};

class NoRevocations final : public ports::Revocations {
 public:
  void revoke(domain::SessionId) override {}
  bool revoked(domain::SessionId) const override { return false; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static StillClock clock;
  static crypto::SystemRandom random;
  static NoRevocations revocations;
  static crypto::Es256Authority authority({crypto::Es256Key::generate(), std::nullopt}, {}, clock,
                                          random, revocations);
  // The key was made a moment ago, so no input can have been signed with it.
  const auto result = authority.verify({reinterpret_cast<const char*>(data), size});
  RUBRICON_ASSERT(!result.has_value());
  return 0;
}
