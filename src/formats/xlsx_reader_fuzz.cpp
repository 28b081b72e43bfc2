// Any bytes as a workbook; and as the strings and the sheet (after a '|') of one that is whole,
// which random bytes never are.
#include <rubricon/formats/import_fuzz.hpp>
#include <rubricon/formats/zip.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  formats::check_import(bytes, formats::FormatId::xlsx);
  const auto end = std::min(bytes.find('|'), bytes.size());
  const auto sheet = bytes.substr(std::min(end + 1, bytes.size()));
  formats::check_import(
      formats::write_zip({{"xl/workbook.xml", "<workbook/>"},
                          {"xl/sharedStrings.xml", std::string(bytes.substr(0, end))},
                          {"xl/worksheets/sheet1.xml", std::string(sheet)}}),
      formats::FormatId::xlsx);
  return 0;
}
