/// Fields of what other Socket.IO servers wrote, each of which may be missing or anything.
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::redis {

inline constexpr std::size_t adapter_rooms_max = 1'000;

/// nullopt where it is no text.
std::optional<std::string> text_field(const boost::json::object& object, const char* name);

/// Empty where it is missing or null; nullopt where it is no list of texts, or one of more than
/// `adapter_rooms_max`.
std::optional<std::vector<std::string>> texts_field(const boost::json::object& object,
                                                    const char* name);

}  // namespace rubricon::redis
