#include <rubricon/crypto/system_random.hpp>

#include <sodium.h>

#include <stdexcept>

namespace rubricon::crypto {

SystemRandom::SystemRandom() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot find a source of randomness");
}

void SystemRandom::fill(std::span<std::uint8_t> out) {
  randombytes_buf(out.data(), out.size());
}

}  // namespace rubricon::crypto
