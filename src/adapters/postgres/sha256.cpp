#include <rubricon/postgres/sha256.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>

#include <array>

namespace rubricon::postgres {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  RUBRICON_ASSERT(context_ != nullptr);
  RUBRICON_ASSERT(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  RUBRICON_ASSERT(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  RUBRICON_ASSERT(EVP_DigestFinal_ex(context_.get(), digest.data(), &length) == 1);
  std::string text;
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace rubricon::postgres
