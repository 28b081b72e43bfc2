/// Names of files that are downloaded: safe on every system, whatever the title is.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::formats {

/// "<title>.<extension>": without path separators, control, bidirectional or reserved characters,
/// no device name of Windows (CON), no leading dot, at most 80 characters and 180 bytes of title;
/// "rubric" where nothing is left.
std::string file_name(std::string_view title, std::string_view extension);

/// The header's value: `attachment` with an ASCII name for the oldest and the name in UTF-8
/// (RFC 6266, RFC 8187) for all others.
std::string content_disposition(std::string_view file_name);

}  // namespace rubricon::formats
