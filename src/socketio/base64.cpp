#include <rubricon/socketio/base64.hpp>

#include <array>
#include <cstddef>

namespace rubricon::socketio {
namespace {

constexpr std::string_view standard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t foreign = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(foreign);
  for (std::size_t i = 0; i < standard.size(); ++i) {
    values[static_cast<unsigned char>(standard[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr auto values = make_values();

/// Appends the 2 to 4 characters of 1 to 3 bytes.
void append_group(std::string& out, const unsigned char* bytes, std::size_t count,
                  std::string_view alphabet) {
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < 3; ++i) group = group << 8 | (i < count ? bytes[i] : 0u);
  for (std::size_t i = 0; i <= count; ++i) out += alphabet[group >> (18 - 6 * i) & 63];
}

void append(std::string& out, const unsigned char* bytes, std::size_t size,
            std::string_view alphabet) {
  out.reserve(out.size() + (size + 2) / 3 * 4);
  std::size_t i = 0;
  for (; i + 3 <= size; i += 3) append_group(out, bytes + i, 3, alphabet);
  if (i < size) append_group(out, bytes + i, size - i, alphabet);
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  append(out, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), standard);
  out.append((3 - bytes.size() % 3) % 3, '=');
}

std::string encode_base64url(std::span<const std::uint8_t> bytes) {
  std::string out;
  append(out, bytes.data(), bytes.size(), url);
  return out;
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = values[static_cast<unsigned char>(c)];
    if (value == foreign) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xFF);
    }
  }
  return out;
}

}  // namespace rubricon::socketio
