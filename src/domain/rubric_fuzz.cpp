// Whatever the bytes: parse_rubric answers, and what it accepts survives a round trip and a check.
#include <rubricon/base/assert.hpp>
#include <rubricon/domain/rubric.hpp>
#include <rubricon/domain/rubric_check.hpp>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon::domain;
  const auto rubric = parse_rubric({reinterpret_cast<const char*>(data), size});
  if (!rubric) return 0;
  const auto json = to_json(*rubric);
  if (json.size() <= rubric_bytes_max) {
    const auto again = parse_rubric(json);
    RUBRICON_ASSERT(again.has_value());
    RUBRICON_ASSERT(*again == *rubric);
  }
  (void)validate(*rubric, {.vague_en = {"good"}, .vague_zh = {"有效"}});
  return 0;
}
