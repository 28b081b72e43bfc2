// Any bytes as what Redis sends, in pieces: refused, or replies within the limits.
#include <rubricon/base/assert.hpp>
#include <rubricon/base/fault.hpp>
#include <rubricon/redis/reply_reader.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

constexpr rubricon::redis::ReplyLimits limits{.bytes = 4'096, .items = 64};

void check(const rubricon::redis::Reply& reply, int depth) {
  RUBRICON_ASSERT(depth <= 10);
  if (const auto* text = reply.text()) RUBRICON_ASSERT(text->size() <= limits.bytes);
  if (!reply.list()) return;
  RUBRICON_ASSERT(reply.list()->size() <= limits.items);
  for (const auto& each : *reply.list()) check(each, depth + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t step = data[0] % 16 + 1;
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  rubricon::redis::ReplyReader reader(limits);
  try {
    while (!bytes.empty()) {
      reader.feed(bytes.substr(0, step));
      bytes.remove_prefix(std::min(step, bytes.size()));
      while (const auto reply = reader.next()) check(*reply, 0);
    }
  } catch (const rubricon::base::Unavailable&) {
    return 0;
  }
  return 0;
}
