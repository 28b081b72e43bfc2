#include <rubricon/crypto/es256_authority.hpp>

#include <rubricon/crypto/base64url.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/revocation_list.hpp>

#include <gtest/gtest.h>
#include <openssl/hmac.h>
#include <boost/json.hpp>

namespace rubricon::crypto {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using std::chrono::minutes;
using std::chrono::seconds;

domain::SessionId session_id(std::uint8_t n) {
  return domain::SessionId(base::Uuid::v7(1'795'384'115'123, {n}));
}

class Es256AuthorityTest : public testing::Test {
 protected:
  Es256Authority authority(const KeySet& set) {
    return Es256Authority(set, {}, clock, random, revocations);
  }
  std::string token() { return ours.issue(user, session_id(1)).token; }

  /// A token with any header and claims, signed as ES256 with `key`.
  std::string forge(const json::object& header, const json::object& claims, const Es256Key& key) {
    auto text =
        base64url_encode(json::serialize(header)) + "." + base64url_encode(json::serialize(claims));
    return text + "." + base64url_encode(key.sign(text));
  }
  json::object header() {
    return {{"alg", "ES256"}, {"kid", keys.current.id()}, {"typ", "at+jwt"}};
  }
  json::object claims() {
    const auto now = base::unix_ms(clock.now()) / 1000;
    return {{"iss", "rubricon"},
            {"aud", "rubricon"},
            {"sub", user.id.to_string()},
            {"sid", session_id(1).to_string()},
            {"role", "teacher"},
            {"iat", now},
            {"nbf", now},
            {"exp", now + 900},
            {"jti", "x"}};
  }
  std::string reason(const std::string& text) {
    const auto result = ours.verify(text);
    if (result) return "accepted";
    EXPECT_EQ(result.error().code, ErrorCode::unauthenticated);
    return result.error().reason;
  }
  std::string reason_of_header(std::string_view name, json::value value) {
    auto h = header();
    h[name] = std::move(value);
    return reason(forge(h, claims(), keys.current));
  }
  std::string reason_of_claim(std::string_view name, json::value value) {
    auto c = claims();
    value.is_null() ? (void)c.erase(name) : (void)(c[name] = std::move(value));
    return reason(forge(header(), c, keys.current));
  }

  memory::ManualClock clock;
  SystemRandom random;
  memory::RevocationList revocations{clock};
  KeySet keys{Es256Key::generate(), std::nullopt};
  Es256Authority ours = authority(keys);
  domain::User user{domain::UserId(base::Uuid::v7(1'795'384'115'123, {7})),
                    "lin@example.org",
                    "林老師",
                    domain::UserRole::admin,
                    domain::Locale::zh_tw,
                    {}};
};

TEST_F(Es256AuthorityTest, SaysWhoATokenSpeaksFor) {
  const auto issued = ours.issue(user, session_id(1));
  EXPECT_EQ(issued.expires_in, minutes(15));
  const auto identity = ours.verify(issued.token);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->user, user.id);
  EXPECT_EQ(identity->session, session_id(1));
  EXPECT_EQ(identity->role, domain::UserRole::admin);
  EXPECT_EQ(ours.verify(issued.token), identity);  // remembered: the same answer
  EXPECT_EQ(reason(forge(header(), claims(), keys.current)), "accepted");  // the forge is good
}

TEST_F(Es256AuthorityTest, TokensEndOnTheSecondAndNotLater) {
  const auto text = token();
  clock.advance(minutes(15) - seconds(2));
  EXPECT_TRUE(ours.verify(text));
  clock.advance(seconds(2));
  ASSERT_FALSE(ours.verify(text));
  EXPECT_EQ(ours.verify(text).error().code, ErrorCode::token_expired);
}

// RFC 8725 §3.1: the verifier decides the algorithm, not the token.
TEST_F(Es256AuthorityTest, RefusesEveryOtherAlgorithm) {
  for (const char* name :
       {"none", "None", "nOnE", "HS256", "RS256", "ES384", "EdDSA", "es256", ""}) {
    EXPECT_EQ(reason_of_header("alg", name), "malformed_token") << name;
  }
  EXPECT_EQ(reason_of_header("alg", 256), "malformed_token");
  EXPECT_EQ(reason_of_header("alg", json::array{"ES256"}), "malformed_token");
  // An unsigned token, with and without the last dot.
  auto h = header();
  h["alg"] = "none";
  const auto text =
      base64url_encode(json::serialize(h)) + "." + base64url_encode(json::serialize(claims()));
  EXPECT_EQ(reason(text + "."), "malformed_token");
  EXPECT_EQ(reason(text), "malformed_token");
  // A good header whose signature was taken off.
  const auto good = token();
  EXPECT_EQ(reason(good.substr(0, good.rfind('.') + 1)), "bad_signature");
}

// RFC 8725 §2.1: the public key, which everybody has, used as an HMAC secret.
TEST_F(Es256AuthorityTest, RefusesAnHmacMadeWithThePublicKey) {
  for (const char* name : {"HS256", "ES256"}) {
    auto h = header();
    h["alg"] = name;
    const auto text =
        base64url_encode(json::serialize(h)) + "." + base64url_encode(json::serialize(claims()));
    const auto secret = keys.current.public_jwk();
    std::array<unsigned char, 64> mac{};
    unsigned length = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &length);
    const std::string_view bytes(reinterpret_cast<const char*>(mac.data()), length);
    EXPECT_NE(reason(text + "." + base64url_encode(bytes)), "accepted");
  }
}

// RFC 8725 §3.10: a key that the token brings along, or an address where to get one.
TEST_F(Es256AuthorityTest, RefusesHeadersThatNameKeysOrExtensions) {
  const auto thief = Es256Key::generate();
  for (const char* name : {"jku", "jwk", "x5u", "x5c", "x5t", "crit", "zip", "b64", "cty"}) {
    EXPECT_EQ(reason_of_header(name, "https://evil.example/keys"), "malformed_token") << name;
  }
  auto h = header();
  h["jwk"] = json::parse(thief.public_jwk());
  h["kid"] = thief.id();
  EXPECT_EQ(reason(forge(h, claims(), thief)), "malformed_token");
}

TEST_F(Es256AuthorityTest, RefusesUnknownKeysAndOurKeysNameOnAnothersSignature) {
  const auto thief = Es256Key::generate();
  EXPECT_EQ(reason(forge(header(), claims(), thief)), "bad_signature");
  auto h = header();
  h["kid"] = thief.id();
  EXPECT_EQ(reason(forge(h, claims(), thief)), "unknown_key");
  for (const char* kid : {"../../dev/null", "' OR 1=1", "x"}) {
    EXPECT_EQ(reason_of_header("kid", kid), "unknown_key");
  }
  EXPECT_EQ(reason_of_header("kid", ""), "malformed_token");
  EXPECT_EQ(reason_of_header("kid", 1), "malformed_token");
}

// RFC 8725 §3.11: tokens of another kind, such as an id token of the same keys.
TEST_F(Es256AuthorityTest, RefusesOtherTypesIssuersAndAudiences) {
  for (const char* name : {"JWT", "jwt", "at+JWT", "application/at+jwt", "refresh+jwt", ""}) {
    EXPECT_EQ(reason_of_header("typ", name), "malformed_token") << name;
  }
  EXPECT_EQ(reason_of_claim("iss", "https://evil.example"), "wrong_claims");
  EXPECT_EQ(reason_of_claim("aud", "rubricon-upload"), "wrong_claims");
  EXPECT_EQ(reason_of_claim("aud", json::array{"rubricon", "other"}), "wrong_claims");
  EXPECT_EQ(reason_of_claim("sub", "admin"), "wrong_claims");
  EXPECT_EQ(reason_of_claim("sid", "1"), "wrong_claims");
  EXPECT_EQ(reason_of_claim("role", "root"), "wrong_claims");
  for (const char* name : {"iss", "aud", "sub", "sid", "role", "iat", "nbf", "exp"}) {
    EXPECT_EQ(reason_of_claim(name, nullptr), "wrong_claims") << name;
  }
}

TEST_F(Es256AuthorityTest, RefusesTimesThatAreNotOurs) {
  const auto now = base::unix_ms(clock.now()) / 1000;
  EXPECT_EQ(reason_of_claim("nbf", now + 60), "not_yet_valid");
  EXPECT_EQ(reason_of_claim("iat", now + 60), "not_yet_valid");
  EXPECT_EQ(reason_of_claim("exp", now + 3600), "wrong_claims");  // longer than we ever give
  EXPECT_EQ(reason_of_claim("exp", "tomorrow"), "wrong_claims");
  EXPECT_EQ(reason_of_claim("exp", 1e300), "wrong_claims");
  EXPECT_EQ(reason_of_claim("exp", -1), "wrong_claims");
  EXPECT_EQ(reason_of_claim("exp", INT64_MAX), "wrong_claims");
}

TEST_F(Es256AuthorityTest, RefusesWhatIsNotATokenAtAll) {
  const auto good = token();
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("..."), std::string("a.b"),
        std::string("a.b.c"), good + ".", good + "=", " " + good, good + "\n", good + "." + good,
        std::string(2049, 'a'), std::string("\0\0\0", 3), std::string("e30.e30.e30"),
        std::string("W10.W10.W10")}) {
    EXPECT_EQ(reason(text), "malformed_token") << text;
  }
  const std::string deep(300, '[');
  EXPECT_EQ(reason(base64url_encode(deep) + ".e30.e30"), "malformed_token");
}

TEST_F(Es256AuthorityTest, ChangingAnyCharacterOfATokenMakesItBad) {
  const auto good = token();
  ASSERT_EQ(reason(good), "accepted");
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(reason(changed), "accepted") << i;
  }
}

TEST_F(Es256AuthorityTest, RefusesTheTokensOfARevokedSessionAlsoWhenRemembered) {
  const auto first = token();
  const auto second = ours.issue(user, session_id(2)).token;
  ASSERT_EQ(reason(first), "accepted");
  revocations.revoke(session_id(1));
  EXPECT_EQ(reason(first), "session_revoked");
  EXPECT_EQ(reason(token()), "session_revoked");
  EXPECT_EQ(reason(second), "accepted");
}

// S3: both keys count during the overlap; afterwards the old one is unknown.
TEST_F(Es256AuthorityTest, AfterARotationOldTokensCountUntilTheOverlapEnds) {
  const auto old_token = token();
  const KeySet rotated{Es256Key::generate(),
                       KeySet::Retired{keys.current, clock.now() + minutes(10)}};
  ours.use(rotated);
  EXPECT_EQ(reason(old_token), "accepted");
  EXPECT_EQ(ours.verify(old_token)->expires_at, clock.now() + minutes(10));
  const auto new_token = token();
  EXPECT_NE(ours.jwks().find(keys.current.id()), std::string::npos);
  EXPECT_NE(ours.jwks().find(rotated.current.id()), std::string::npos);

  clock.advance(minutes(10));
  auto other = authority(rotated);  // one that does not remember the old token
  EXPECT_EQ(other.verify(old_token).error().reason, "unknown_key");
  EXPECT_TRUE(other.verify(new_token));
  EXPECT_FALSE(ours.verify(old_token)) << "remembered, it is refused all the same";
  EXPECT_EQ(ours.jwks().find(keys.current.id()), std::string::npos);
}

TEST_F(Es256AuthorityTest, AKeyIsPublishedBeforeItSigns) {
  const KeySet rotated{Es256Key::generate(),
                       KeySet::Retired{keys.current, clock.now() + minutes(20)}};
  ours.use(rotated, std::chrono::seconds(5));
  auto other = authority(keys);  // has not heard of the rotation yet
  EXPECT_TRUE(other.verify(token()));
  EXPECT_NE(ours.jwks().find(rotated.current.id()), std::string::npos);
  clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(other.verify(token()).error().reason, "unknown_key");
  EXPECT_EQ(reason(token()), "accepted");
}

TEST_F(Es256AuthorityTest, AStolenKeySignsNoMoreAtOnce) {
  const auto stolen = token();
  ours.use({Es256Key::generate(), std::nullopt}, std::chrono::seconds(5));
  EXPECT_EQ(reason(token()), "accepted");
  EXPECT_EQ(reason(stolen), "unknown_key");
}

TEST_F(Es256AuthorityTest, TheKeySetIsPublicHalvesOnly) {
  const auto set = json::parse(ours.jwks()).as_object();
  const auto& key = set.at("keys").as_array().at(0).as_object();
  EXPECT_EQ(key.at("kid"), json::value(keys.current.id()));
  EXPECT_FALSE(key.contains("d"));
}

}  // namespace
}  // namespace rubricon::crypto
