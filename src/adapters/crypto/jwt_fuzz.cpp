// Any bytes as an access token, and any header and claims under a signature of ours: refused
// without a crash, or a token that says who and until when.
#include <rubricon/base/assert.hpp>
#include <rubricon/crypto/base64url.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/system_random.hpp>

#include <cstdint>
#include <string>
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

/// A token with this header and these claims, signed as ours are.
std::string signed_token(const crypto::Es256Key& key, std::string_view header,
                         std::string_view claims) {
  const auto text = crypto::base64url_encode(header) + "." + crypto::base64url_encode(claims);
  return text + "." + crypto::base64url_encode(key.sign(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static StillClock clock;
  static crypto::SystemRandom random;
  static NoRevocations revocations;
  static const auto key = crypto::Es256Key::generate();
  static crypto::Es256Authority authority({key, std::nullopt}, {}, clock, random, revocations);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // The key was made a moment ago, so no input can have been signed with it.
  RUBRICON_ASSERT(!authority.verify(input).has_value());

  // Behind the signature: claims, or a header, a line's end and claims.
  const auto line = input.find('\n');
  const bool own_header = line != std::string_view::npos;
  const auto ours = R"({"alg":"ES256","kid":")" + key.id() + R"(","typ":"at+jwt"})";
  const auto token = signed_token(key, own_header ? input.substr(0, line) : ours,
                                  own_header ? input.substr(line + 1) : input);
  if (const auto verified = authority.verify(token)) {
    RUBRICON_ASSERT(verified->expires_at > clock.now());
  }
  return 0;
}
