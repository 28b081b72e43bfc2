/// Writes the packets a server sends, ready for every transport (as Engine.IO messages).
#pragma once

#include <rubricon/socketio/args.hpp>
#include <rubricon/socketio/outbound.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::socketio {

/// Nothing when a client would not accept the packet: a reserved name, more than 10 attachments, or
/// (when there are attachments) a placeholder that names none of them.
std::optional<EncodedEvent> encode_event(std::string_view nsp, std::string_view name,
                                         const Args& args,
                                         std::optional<std::uint64_t> ack_id = {});

/// `json_args` is one JSON text or several separated by commas, or empty. It is copied, not
/// checked.
std::optional<EncodedEvent> encode_event_json(std::string_view nsp, std::string_view name,
                                              std::string_view json_args);

/// The same conditions as for events.
std::optional<EncodedEvent> encode_ack(std::string_view nsp, std::uint64_t id, const Args& args);

/// An event with `offset` as one more argument at the end, for connection state recovery.
EncodedEvent with_offset(const EncodedEvent& event, std::string_view offset);

/// `pid` is empty unless the namespace recovers connections.
OutboundPacket encode_connect(std::string_view nsp, std::string_view sid, std::string_view pid);
/// `data` is left out when null.
OutboundPacket encode_connect_error(std::string_view nsp, std::string_view message,
                                    const boost::json::value& data);
OutboundPacket encode_disconnect(std::string_view nsp);

}  // namespace rubricon::socketio
