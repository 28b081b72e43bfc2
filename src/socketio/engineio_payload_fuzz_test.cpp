// The seeds of the fuzzer, replayed as a unit test: what it found once stays found.
#define LLVMFuzzerTestOneInput run_engineio_payload_fuzz
#include "engineio_payload_fuzz.cpp"
#undef LLVMFuzzerTestOneInput

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace {

// Goal: no seed breaks a promise that the fuzzer asserts.
TEST(EngineioPayloadFuzz, holds_for_every_seed) {
  int seeds = 0;
  const std::filesystem::path folder = RUBRICON_SOURCE_DIR "/fuzz/engineio_payload_fuzz";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    run_engineio_payload_fuzz(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    ++seeds;
  }
  EXPECT_GE(seeds, 10);
}

}  // namespace
