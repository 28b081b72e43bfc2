/// MessagePack, as far as it can be said in JSON: what Socket.IO servers write to Redis.
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::redis {

struct MessagePackLimits {
  std::size_t bytes = 1024 * 1024;
  std::size_t depth = 32;
  std::size_t values = 20'000;
};

/// One value and nothing after it, within the limits. Timestamps become ISO 8601 texts and numbers
/// that are none become null, as JavaScript does. nullopt for anything else: bytes and other
/// extensions, texts that are not UTF-8, keys that are no texts.
std::optional<boost::json::value> parse_message_pack(std::string_view bytes,
                                                     const MessagePackLimits& limits = {});

/// `value` nests at most 64 deep, twice as deep as what is read.
std::string message_pack(const boost::json::value& value);

}  // namespace rubricon::redis
