// Any bytes as CSV of each kind.
#include <rubricon/formats/import_fuzz.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const auto format :
       {formats::FormatId::csv, formats::FormatId::canvas_csv, formats::FormatId::tsv}) {
    formats::check_import(bytes, format);
  }
  return 0;
}
