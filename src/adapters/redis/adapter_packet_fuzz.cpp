// Any bytes as a broadcast or a request of another server: refused, or something that reads the
// same when it is written and read again.
#include <rubricon/base/assert.hpp>
#include <rubricon/domain/text.hpp>
#include <rubricon/redis/adapter_packet.hpp>
#include <rubricon/redis/adapter_request.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

/// Numbers may be written longer than they were read: beyond it the copy could be refused.
constexpr std::size_t compared_max = 64 * 1024;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto packet = redis::parse_adapter_packet(bytes); packet && size <= compared_max) {
    RUBRICON_ASSERT(domain::is_utf8(packet->name));
    RUBRICON_ASSERT(redis::parse_adapter_packet(redis::adapter_bytes(*packet)) == *packet);
  }
  if (const auto request = redis::parse_adapter_request(bytes)) {
    RUBRICON_ASSERT(request->id.size() <= 64);
    RUBRICON_ASSERT(request->filter.rooms.size() <= 1'000);
  }
  return 0;
}
