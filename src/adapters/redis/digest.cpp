#include <rubricon/redis/digest.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <iterator>

namespace rubricon::redis {
namespace {

std::string hex_digest(std::string_view bytes, const EVP_MD* algorithm) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  RUBRICON_ASSERT(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, algorithm, nullptr) == 1);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    fmt::format_to(std::back_inserter(hex), "{:02x}", digest[i]);
  }
  return hex;
}

}  // namespace

std::string sha1_hex(std::string_view bytes) {
  return hex_digest(bytes, EVP_sha1());
}

std::string sha256_hex(std::string_view bytes) {
  return hex_digest(bytes, EVP_sha256());
}

}  // namespace rubricon::redis
