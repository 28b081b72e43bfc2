// Whatever the text: a cursor is refused, or it has this one spelling.
#include <rubricon/base/assert.hpp>
#include <rubricon/domain/list_cursor.hpp>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon::domain;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto cursor = parse_list_cursor(text)) RUBRICON_ASSERT(to_string(*cursor) == text);
  return 0;
}
