// Any messages, one a line (a line that begins with B is binary): what the decoder accepts holds
// the limits, can be encoded, and reads back the same.
#include <rubricon/base/assert.hpp>
#include <rubricon/socketio/multiplexer.hpp>
#include <rubricon/socketio/packet_decoder.hpp>
#include <rubricon/socketio/packet_encoder.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace rubricon;
using namespace rubricon::socketio;

constexpr DecoderLimits limits{.attachment_bytes_max = 1'000};

Decoded read_back(const EncodedEvent& event) {
  PacketDecoder decoder(limits);
  const auto packets = event.packets();
  // The text of an Engine.IO message without its type.
  auto result = decoder.text(packets.front().payload().substr(1));
  for (const auto& attachment : packets.subspan(1)) {
    RUBRICON_ASSERT(result && !*result);
    result = decoder.binary(std::string(attachment.payload()));
  }
  return result;
}

void check(const Packet& packet) {
  RUBRICON_ASSERT(packet.nsp.starts_with('/') && packet.nsp.size() <= 256);
  RUBRICON_ASSERT(packet.args.attachments().size() <= attachments_max);
  if (packet.type == PacketType::event) {
    RUBRICON_ASSERT(!is_reserved_event(packet.event) && packet.event.size() <= 256);
    const auto encoded = encode_event(packet.nsp, packet.event, packet.args, packet.id);
    RUBRICON_ASSERT(encoded);
    const auto again = read_back(*encoded);
    RUBRICON_ASSERT(again && *again);
    RUBRICON_ASSERT((*again)->args.attachments().size() == packet.args.attachments().size());
    RUBRICON_ASSERT((*again)->event == packet.event && (*again)->id == packet.id);
    const auto twice = encode_event(packet.nsp, packet.event, (*again)->args, packet.id);
    RUBRICON_ASSERT(twice->packets()[0].payload() == encoded->packets()[0].payload());
  } else if (packet.type == PacketType::ack && packet.id) {
    const auto again = read_back(*encode_ack(packet.nsp, *packet.id, packet.args));
    RUBRICON_ASSERT(again && *again && (*again)->id == packet.id);
  }
}

/// The application admits every other client, at once.
void perform(Multiplexer& mux, ProtocolActions& actions) {
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const auto action = actions[i];
    if (const auto* ask = std::get_if<AskAdmission>(&action)) {
      if (ask->slot % 2 == 1) mux.accept(ask->slot, actions);
      if (ask->slot % 2 == 0) mux.refuse(ask->slot, "no", ask->auth, actions);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  PacketDecoder decoder(limits);
  ProtocolLimits protocol;
  protocol.decoder = limits;
  Multiplexer mux(protocol, {});
  bool failed = false;
  while (!input.empty()) {
    const auto end = std::min(input.find('\n'), input.size());
    const auto line = input.substr(0, end);
    input.remove_prefix(std::min(end + 1, input.size()));
    const bool binary = line.starts_with('B');
    ProtocolActions actions;
    if (binary) mux.binary(std::string(line.substr(1)), {}, actions);
    if (!binary) mux.text(line, {}, actions);
    perform(mux, actions);
    if (failed) continue;
    const auto decoded = binary ? decoder.binary(std::string(line.substr(1))) : decoder.text(line);
    failed = !decoded;
    if (decoded && *decoded) check(**decoded);
  }
  return 0;
}
