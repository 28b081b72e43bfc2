// Any bytes as CSV of each kind. A rubric that comes of it parses; without one, a note says why.
#include <rubricon/base/assert.hpp>
#include <rubricon/formats/import.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto format :
       {formats::FormatId::csv, formats::FormatId::canvas_csv, formats::FormatId::tsv}) {
    const auto preview = formats::import_rubric(bytes, {.format = format});
    if (preview.rubric) {
      RUBRICON_ASSERT(domain::parse_rubric(domain::to_json(*preview.rubric)).has_value());
    } else {
      RUBRICON_ASSERT(!preview.notes.empty());
    }
  }
  return 0;
}
