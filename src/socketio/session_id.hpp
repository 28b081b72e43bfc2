/// Ids of sessions (secret) and of sockets (public). Both are 20 characters of [A-Za-z0-9_-]:
/// load balancers and cluster adapters of the Socket.IO world recognise ids by that length.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::socketio {

inline constexpr std::size_t id_size = 20;
using IdBytes = std::array<std::uint8_t, 15>;

/// Whether `prefix` may name a server: empty, or two characters of the alphabet.
bool is_valid_sid_prefix(std::string_view prefix);

/// `random` must be cryptographic: 120 bits without a prefix, 108 with one.
std::string make_id(const IdBytes& random, std::string_view prefix = {});

}  // namespace rubricon::socketio
