#include <rubricon/domain/list_cursor.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>

namespace rubricon::domain {
namespace {

// Layout: format version, section, time (big-endian), id. 27 bytes: a multiple of 3, so that the
// text has no padding and no unused bits, hence one spelling only.
constexpr std::uint8_t format = 1;
constexpr std::size_t size = 27;
using Bytes = std::array<std::uint8_t, size>;

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string to_text(const Bytes& bytes) {
  std::string text;
  for (std::size_t i = 0; i < size; i += 3) {
    const std::uint32_t group = std::uint32_t{bytes[i]} << 16 | std::uint32_t{bytes[i + 1]} << 8 |
                                std::uint32_t{bytes[i + 2]};
    for (const unsigned shift : {18u, 12u, 6u, 0u}) text += alphabet[group >> shift & 0x3f];
  }
  return text;
}

std::optional<Bytes> to_bytes(std::string_view text) {
  if (text.size() != size / 3 * 4) return std::nullopt;
  Bytes bytes{};
  for (std::size_t i = 0; i < size; i += 3) {
    std::uint32_t group = 0;
    for (const char c : text.substr(i / 3 * 4, 4)) {
      const auto digit = alphabet.find(c);
      if (digit == std::string_view::npos) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(digit);
    }
    bytes[i] = static_cast<std::uint8_t>(group >> 16);
    bytes[i + 1] = static_cast<std::uint8_t>(group >> 8 & 0xff);
    bytes[i + 2] = static_cast<std::uint8_t>(group & 0xff);
  }
  return bytes;
}

}  // namespace

ListCursor ListCursor::start() {
  std::array<std::uint8_t, 16> last{};
  last.fill(0xff);
  return {Section::pinned, base::time_from_unix_ms(std::numeric_limits<std::int64_t>::max()),
          ChatId(base::Uuid(last))};
}

std::string to_string(const ListCursor& cursor) {
  Bytes bytes{format, static_cast<std::uint8_t>(cursor.section)};
  const auto time = static_cast<std::uint64_t>(base::unix_ms(cursor.updated_at));
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[2 + i] = static_cast<std::uint8_t>(time >> (56 - 8 * i) & 0xff);
  }
  std::ranges::copy(cursor.chat.uuid().bytes(), bytes.begin() + 10);
  return to_text(bytes);
}

std::optional<ListCursor> parse_list_cursor(std::string_view text) {
  const auto bytes = to_bytes(text);
  if (!bytes || (*bytes)[0] != format || (*bytes)[1] > 1 || (*bytes)[26] != 0) return std::nullopt;
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < 8; ++i) time = time << 8 | (*bytes)[2 + i];
  if (time > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    return std::nullopt;
  }
  std::array<std::uint8_t, 16> id{};
  std::copy_n(bytes->begin() + 10, id.size(), id.begin());
  return ListCursor{static_cast<ListCursor::Section>((*bytes)[1]),
                    base::time_from_unix_ms(static_cast<std::int64_t>(time)),
                    ChatId(base::Uuid(id))};
}

}  // namespace rubricon::domain
