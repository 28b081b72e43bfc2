// Any text as a copied table.
#include <rubricon/formats/import_fuzz.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  formats::check_import(bytes, formats::FormatId::html);
  return 0;
}
