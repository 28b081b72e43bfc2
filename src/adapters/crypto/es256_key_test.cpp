#include <rubricon/crypto/es256_key.hpp>

#include <rubricon/crypto/base64url.hpp>

#include <gtest/gtest.h>

namespace rubricon::crypto {
namespace {

// The key of RFC 7515 appendix A.3 (d = jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI) as PKCS#8.
constexpr const char* rfc_pem = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjpsQnnGQmL+YBIff
H1136cspYG6+0iY7X1fCE9+E9LKhRANCAAR/zc4ncPbEXUGDy+5v20t7WAczNXvp
7xO6z248e9FURcfxRM0bvZt+hyzf7bnuufSzaV1uqQskrYpGIyiFiOWt
-----END PRIVATE KEY-----
)";

constexpr const char* rfc_message =
    "eyJhbGciOiJFUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    "fQ";
constexpr const char* rfc_signature =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

// Somebody else's implementation is the judge, not our own round trip.
TEST(Es256Key, VerifiesTheExampleOfRfc7515) {
  const auto key = Es256Key::from_pem(rfc_pem);
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->verify(rfc_message, *base64url_decode(rfc_signature)));
  EXPECT_NE(key->public_jwk().find(R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")"),
            std::string::npos);
}

TEST(Es256Key, RefusesChangedMessagesAndSignatures) {
  const auto key = Es256Key::generate();
  const auto raw = key.sign("a message");
  const std::string signature(raw.begin(), raw.end());
  ASSERT_TRUE(key.verify("a message", signature));
  EXPECT_FALSE(key.verify("a massage", signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    auto changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(key.verify("a message", changed)) << i;
  }
  EXPECT_FALSE(key.verify("a message", ""));
  EXPECT_FALSE(key.verify("a message", signature + "x"));
  EXPECT_FALSE(key.verify("a message", std::string(64, '\0')));
  EXPECT_FALSE(Es256Key::generate().verify("a message", signature));
}

// Short r or s must be padded to 32 bytes: about one signature in 128 has one.
TEST(Es256Key, SignaturesAreAlwaysSixtyFourBytesThatVerify) {
  const auto key = Es256Key::generate();
  for (int i = 0; i < 400; ++i) {
    const auto message = std::to_string(i);
    const auto raw = key.sign(message);
    ASSERT_TRUE(key.verify(message, std::string(raw.begin(), raw.end()))) << i;
  }
}

TEST(Es256Key, ComesBackFromItsPemWithTheSameName) {
  const auto key = Es256Key::generate();
  const auto again = Es256Key::from_pem("some text before\n" + key.to_pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->id(), key.id());
  EXPECT_EQ(again->id().size(), 43u);
}

TEST(Es256Key, RefusesWhatIsNotAPrivateKeyOnItsCurve) {
  EXPECT_FALSE(Es256Key::from_pem(""));
  EXPECT_FALSE(
      Es256Key::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
  // An Ed25519 key: well formed, another algorithm.
  EXPECT_FALSE(
      Es256Key::from_pem("-----BEGIN PRIVATE KEY-----\n"
                         "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
                         "-----END PRIVATE KEY-----\n"));
}

}  // namespace
}  // namespace rubricon::crypto
