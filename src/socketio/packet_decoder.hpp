/// Reads the packets of one client: text, then the binary messages it announced.
#pragma once

#include <rubricon/socketio/json_text.hpp>
#include <rubricon/socketio/packet.hpp>

#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::socketio {

struct DecoderLimits {
  JsonLimits json;
  std::size_t namespace_bytes_max = 256;
  std::size_t event_name_bytes_max = 256;
  /// The attachments of one packet together.
  std::size_t attachment_bytes_max = 1'000'000;
};

/// Why a packet was refused; the connection ends with `parse error`.
enum class DecodeError {
  malformed,   ///< not the grammar, not the shape its type needs, a reserved name
  over_limit,  ///< too long, too deep, too many
  unexpected,  ///< text while attachments are due, or a binary nobody announced
};

/// Nothing until the packet is complete.
using Decoded = std::expected<std::optional<Packet>, DecodeError>;

/// After an error the decoder is done for. Time is linear in the input, memory bounded by the
/// limits; recursion no deeper than `json.depth_max`.
class PacketDecoder {
 public:
  /// `limits` outlives the decoder.
  explicit PacketDecoder(const DecoderLimits& limits) : limits_(&limits) {}

  Decoded text(std::string_view text);
  Decoded binary(std::string bytes);

  /// Whether a packet waits for attachments.
  bool waiting() const { return pending_ != nullptr; }

 private:
  struct Pending;
  struct PendingDelete {
    void operator()(Pending* pending) const;
  };

  const DecoderLimits* limits_;
  std::unique_ptr<Pending, PendingDelete> pending_;
};

}  // namespace rubricon::socketio
