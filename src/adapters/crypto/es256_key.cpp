#include <rubricon/crypto/es256_key.hpp>

#include <rubricon/crypto/base64url.hpp>

#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sodium.h>

#include <span>
#include <stdexcept>

namespace rubricon::crypto {
namespace {

template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    free_function(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;

constexpr std::size_t half = 32;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(std::string("OpenSSL failed: ") + what);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// r‖s as the DER that OpenSSL's verification takes; empty where a number cannot be one.
std::string der_from_raw(std::string_view raw) {
  Number r(BN_bin2bn(bytes_of(raw), half, nullptr));
  Number s(BN_bin2bn(bytes_of(raw) + half, half, nullptr));
  EcSignature signature(ECDSA_SIG_new());
  require(r && s && signature, "allocation");
  require(ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1, "ECDSA_SIG_set0");
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(signature.get(), &der);
  if (length <= 0) return {};
  std::string result(reinterpret_cast<char*>(der), static_cast<std::size_t>(length));
  OPENSSL_free(der);
  return result;
}

}  // namespace

Es256Key::Es256Key(std::shared_ptr<evp_pkey_st> pair) : pair_(std::move(pair)) {
  unsigned char* point = nullptr;
  const std::size_t length = EVP_PKEY_get1_encoded_public_key(pair_.get(), &point);
  const std::unique_ptr<unsigned char, Free<[](unsigned char* p) { OPENSSL_free(p); }>> owner(
      point);
  require(length == 1 + 2 * half && point[0] == 0x04, "uncompressed public key");
  x_ = base64url_encode(std::span<const std::uint8_t>(point + 1, half));
  y_ = base64url_encode(std::span<const std::uint8_t>(point + 1 + half, half));
  // RFC 7638: the required members only, in this order, without white space.
  const auto members = fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})", x_, y_);
  std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), bytes_of(members), members.size());
  id_ = base64url_encode(digest);
}

Es256Key Es256Key::generate() {
  std::shared_ptr<EVP_PKEY> pair(EVP_EC_gen("P-256"), EVP_PKEY_free);
  require(pair != nullptr, "EVP_EC_gen");
  return Es256Key(std::move(pair));
}

std::optional<Es256Key> Es256Key::from_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  require(bio != nullptr, "BIO_new_mem_buf");
  // An encrypted key would make OpenSSL ask the terminal: the callback answers "no password".
  const auto no_password = [](char*, int, int, void*) { return 0; };
  std::shared_ptr<EVP_PKEY> pair(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr),
                                 EVP_PKEY_free);
  if (!pair || EVP_PKEY_get_base_id(pair.get()) != EVP_PKEY_EC) return std::nullopt;
  char group[32] = {};
  if (EVP_PKEY_get_group_name(pair.get(), group, sizeof group, nullptr) != 1 ||
      std::string_view(group) != "prime256v1") {
    return std::nullopt;
  }
  return Es256Key(std::move(pair));
}

std::string Es256Key::to_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr, "BIO_new");
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), pair_.get(), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1,
          "PEM_write_bio_PKCS8PrivateKey");
  char* text = nullptr;
  const auto length = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(length));
}

Es256Key::Signature Es256Key::sign(std::string_view message) const {
  const DigestContext context(EVP_MD_CTX_new());
  require(context != nullptr, "EVP_MD_CTX_new");
  require(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, pair_.get()) == 1,
          "EVP_DigestSignInit");
  std::array<unsigned char, 128> der{};
  std::size_t length = der.size();
  require(
      EVP_DigestSign(context.get(), der.data(), &length, bytes_of(message), message.size()) == 1,
      "EVP_DigestSign");
  const unsigned char* begin = der.data();
  const EcSignature signature(d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(length)));
  require(signature != nullptr, "d2i_ECDSA_SIG");
  Signature raw{};
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), half);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + half, half);
  return raw;
}

bool Es256Key::verify(std::string_view message, std::string_view signature) const {
  if (signature.size() != 2 * half) return false;
  const auto der = der_from_raw(signature);
  if (der.empty()) return false;
  const DigestContext context(EVP_MD_CTX_new());
  require(context != nullptr, "EVP_MD_CTX_new");
  require(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, pair_.get()) == 1,
          "EVP_DigestVerifyInit");
  return EVP_DigestVerify(context.get(), bytes_of(der), der.size(), bytes_of(message),
                          message.size()) == 1;
}

std::string Es256Key::public_jwk() const {
  return fmt::format(
      R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}","kid":"{}","use":"sig","alg":"ES256"}})", x_,
      y_, id_);
}

}  // namespace rubricon::crypto
