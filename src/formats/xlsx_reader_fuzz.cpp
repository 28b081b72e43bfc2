// Any bytes as a workbook; and as the strings and the sheet (after a '|') of one that is whole,
// which random bytes never are.
#include <rubricon/base/assert.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/zip.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace rubricon;

void check(const formats::Preview& preview) {
  if (preview.rubric) {
    RUBRICON_ASSERT(domain::parse_rubric(domain::to_json(*preview.rubric)).has_value());
  } else {
    RUBRICON_ASSERT(!preview.notes.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check(formats::import_rubric(bytes, {.format = formats::FormatId::xlsx}));
  const auto end = std::min(bytes.find('|'), bytes.size());
  const auto sheet = bytes.substr(std::min(end + 1, bytes.size()));
  check(formats::import_rubric(
      formats::write_zip({{"xl/workbook.xml", "<workbook/>"},
                          {"xl/sharedStrings.xml", std::string(bytes.substr(0, end))},
                          {"xl/worksheets/sheet1.xml", std::string(sheet)}}),
      {.format = formats::FormatId::xlsx}));
  return 0;
}
