// Any text: the same parts in one piece and in many.
#include <rubricon/ai_http/fence_splitter.hpp>
#include <rubricon/base/assert.hpp>

#include <algorithm>
#include <cstdint>

namespace {

using rubricon::ai_http::FenceSplitter;

std::string split(FenceSplitter& splitter, std::string_view text, std::size_t step) {
  std::string shown;
  while (!text.empty()) {
    shown += splitter.feed(text.substr(0, step));
    text.remove_prefix(std::min(step, text.size()));
  }
  return shown + splitter.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  FenceSplitter whole;
  FenceSplitter pieces;
  const auto shown = split(whole, text, size);
  RUBRICON_ASSERT(shown == split(pieces, text, data[0] % 24 + 1));
  RUBRICON_ASSERT(whole.document() == pieces.document());
  RUBRICON_ASSERT(whole.blocks() == pieces.blocks());
  RUBRICON_ASSERT(whole.open() == pieces.open());
  return 0;
}
