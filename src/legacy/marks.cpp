#include <rubricon/legacy/marks.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace rubricon::legacy {

ports::ImportMark mark_for(std::string_view table, std::string_view id) {
  const auto name = fmt::format("rubricon legacy {}:{}", table, id);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  RUBRICON_ASSERT(
      EVP_Digest(name.data(), name.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1);
  ports::ImportMark bits{};
  std::copy_n(digest.begin(), bits.size(), bits.begin());
  return ports::mark_of(base::Uuid::v7(0, bits));
}

}  // namespace rubricon::legacy
