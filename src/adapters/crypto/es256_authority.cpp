#include <rubricon/crypto/es256_authority.hpp>

#include <rubricon/crypto/base64url.hpp>

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace rubricon::crypto {
namespace {

namespace json = boost::json;
using base::ErrorCode;
using base::fail;

constexpr std::string_view type = "at+jwt";
constexpr std::string_view algorithm = "ES256";

std::unexpected<base::Error> refuse(const char* reason) {
  return fail(ErrorCode::unauthenticated, "the access token is not valid", reason);
}

/// header.payload.signature; nothing where there are not three parts.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;  ///< "header.payload"
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto signature = token.substr(second + 1);
  if (signature.contains('.')) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), signature,
               token.substr(0, second)};
}

std::optional<json::object> decode_object(std::string_view base64) {
  const auto text = base64url_decode(base64);
  if (!text) return std::nullopt;
  json::parse_options options;
  options.max_depth = 4;
  boost::system::error_code error;
  auto value = json::parse(*text, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

std::string_view text_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

/// A NumericDate of ours: whole seconds.
std::optional<base::Time> time_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* seconds = value == nullptr ? nullptr : value->if_int64();
  // Beyond the year 9999 the multiplication could overflow.
  if (seconds == nullptr || *seconds < 0 || *seconds > 253'402'300'799) return std::nullopt;
  return base::time_from_unix_ms(*seconds * 1000);
}

/// The `kid` of a header that is exactly what we write.
std::optional<std::string> key_id(std::string_view header) {
  const auto object = decode_object(header);
  // Three members and no more: no crit, jku, jwk, x5c, x5u, zip or b64 that somebody may honour.
  if (!object || object->size() != 3) return std::nullopt;
  if (text_member(*object, "alg") != algorithm) return std::nullopt;
  if (text_member(*object, "typ") != type) return std::nullopt;
  const auto kid = text_member(*object, "kid");
  if (kid.empty()) return std::nullopt;
  return std::string(kid);
}

}  // namespace

Es256Authority::Es256Authority(KeySet keys, AuthorityOptions options, const ports::Clock& clock,
                               ports::Random& random, const ports::Revocations& revocations)
    : options_(std::move(options)),
      clock_(clock),
      random_(random),
      revocations_(revocations),
      keys_(std::make_shared<const KeySet>(std::move(keys))),
      verified_(options_.remembered_max) {}

ports::TokenIssuer::Issued Es256Authority::issue(const domain::User& user,
                                                 domain::SessionId session) const {
  const auto set = keys();
  const auto& key = signing_key(*set);
  const auto issued = std::chrono::floor<std::chrono::seconds>(clock_.now());
  const auto expires = issued + std::chrono::floor<std::chrono::seconds>(options_.lifetime);
  std::array<std::uint8_t, 16> jti{};
  random_.fill(jti);
  const auto header =
      fmt::format(R"({{"alg":"{}","kid":"{}","typ":"{}"}})", algorithm, key.id(), type);
  const json::object claims{{"iss", options_.issuer},
                            {"aud", options_.audience},
                            {"sub", user.id.to_string()},
                            {"sid", session.to_string()},
                            {"role", domain::to_string(user.role)},
                            {"iat", issued.time_since_epoch().count()},
                            {"nbf", issued.time_since_epoch().count()},
                            {"exp", expires.time_since_epoch().count()},
                            {"jti", base64url_encode(jti)}};
  auto token = base64url_encode(header) + "." + base64url_encode(json::serialize(claims));
  token += "." + base64url_encode(key.sign(token));
  return {std::move(token), options_.lifetime};
}

std::string Es256Authority::jwks() const {
  const auto set = keys();
  std::string text = R"({"keys":[)" + set->current.public_jwk();
  if (set->previous && set->previous->until > clock_.now()) {
    text += "," + set->previous->key.public_jwk();
  }
  return text + "]}";
}

base::Result<domain::Identity> Es256Authority::verify(std::string_view token) const {
  if (token.empty() || token.size() > token_bytes_max) return refuse("malformed_token");
  const auto digest = VerifiedTokens::digest(token);
  std::optional<domain::Identity> identity;
  {
    const std::lock_guard lock(mutex_);
    identity = verified_.find(digest);
  }
  if (!identity) {
    auto fresh = verify_anew(token);
    if (!fresh) return fresh;
    identity = *fresh;
    const std::lock_guard lock(mutex_);
    verified_.remember(digest, *identity);
  }
  if (identity->expires_at <= clock_.now()) {
    return fail(ErrorCode::token_expired, "the access token has expired");
  }
  if (revocations_.revoked(identity->session)) return refuse("session_revoked");
  return *identity;
}

base::Result<domain::Identity> Es256Authority::verify_anew(std::string_view token) const {
  const auto parts = split(token);
  if (!parts) return refuse("malformed_token");
  const auto kid = key_id(parts->header);
  if (!kid) return refuse("malformed_token");
  const auto signature = base64url_decode(parts->signature);
  if (!signature) return refuse("malformed_token");

  const auto set = keys();
  const Es256Key* key = nullptr;
  auto key_ends = base::Time::max();
  if (*kid == set->current.id()) {
    key = &set->current;
  } else if (set->previous && *kid == set->previous->key.id() &&
             set->previous->until > clock_.now()) {
    key = &set->previous->key;
    key_ends = set->previous->until;
  }
  if (key == nullptr) return refuse("unknown_key");
  if (!key->verify(parts->signed_text, *signature)) return refuse("bad_signature");
  auto identity = read_claims(parts->payload);
  // Remembered or not, it does not outlive the key that vouches for it.
  if (identity) identity->expires_at = std::min(identity->expires_at, key_ends);
  return identity;
}

base::Result<domain::Identity> Es256Authority::read_claims(std::string_view payload) const {
  const auto claims = decode_object(payload);
  if (!claims) return refuse("malformed_token");
  if (text_member(*claims, "iss") != options_.issuer) return refuse("wrong_claims");
  if (text_member(*claims, "aud") != options_.audience) return refuse("wrong_claims");
  const auto user = domain::UserId::parse(text_member(*claims, "sub"));
  const auto session = domain::SessionId::parse(text_member(*claims, "sid"));
  const auto role = domain::parse_user_role(text_member(*claims, "role"));
  const auto issued = time_member(*claims, "iat");
  const auto begins = time_member(*claims, "nbf");
  const auto expires = time_member(*claims, "exp");
  if (!user || !session || !role || !issued || !begins || !expires) return refuse("wrong_claims");
  if (*expires - *issued > options_.lifetime) return refuse("wrong_claims");
  const auto latest = clock_.now() + options_.skew_max;
  if (*begins > latest || *issued > latest) return refuse("not_yet_valid");
  return domain::Identity{*user, *session, *role, *expires};
}

void Es256Authority::use(KeySet keys, base::Milliseconds published) {
  auto next = std::make_shared<const KeySet>(std::move(keys));
  const std::lock_guard lock(mutex_);
  sign_from_ = clock_.monotonic() + published;
  keys_ = std::move(next);
  verified_.clear();
}

const Es256Key& Es256Authority::signing_key(const KeySet& keys) const {
  const std::lock_guard lock(mutex_);
  const bool early = keys.previous && clock_.monotonic() < sign_from_;
  return early && clock_.now() < keys.previous->until ? keys.previous->key : keys.current;
}

std::shared_ptr<const KeySet> Es256Authority::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

}  // namespace rubricon::crypto
