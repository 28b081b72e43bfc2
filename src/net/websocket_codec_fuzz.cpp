// Any bytes, in any pieces, must give the same inputs as the same bytes in one piece, hold the
// limits, and never touch memory that is not theirs.
#include <rubricon/base/assert.hpp>
#include <rubricon/net/utf8.hpp>
#include <rubricon/net/websocket_codec.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace {

using namespace rubricon::net;
using Kind = WebSocketInput::Kind;

constexpr WebSocketLimits limits{.message_bytes_max = 4'096, .fragments_max = 16};

std::string decode(std::string bytes, std::size_t piece) {
  WebSocketDecoder decoder(limits);
  std::string story;
  for (std::size_t i = 0; i < bytes.size(); i += piece) {
    std::span<char> rest(bytes.data() + i, std::min(piece, bytes.size() - i));
    for (auto input = decoder.next(rest); input.kind != Kind::need_more;
         input = decoder.next(rest)) {
      RUBRICON_ASSERT(input.payload.size() <= limits.message_bytes_max);
      RUBRICON_ASSERT(input.kind != Kind::text || is_valid_utf8(input.payload));
      RUBRICON_ASSERT(input.kind != Kind::close || input.code == close_no_status ||
                      is_valid_close_code(input.code));
      story += static_cast<char>('0' + static_cast<int>(input.kind));
      story += std::to_string(input.code) + ":" + std::string(input.payload) + "\n";
    }
    RUBRICON_ASSERT(rest.empty());
  }
  return story;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto whole = decode(bytes, bytes.size() + 1);
  RUBRICON_ASSERT(whole == decode(bytes, 1));
  RUBRICON_ASSERT(whole == decode(bytes, 1u + data[0] % 31));
  return 0;
}
