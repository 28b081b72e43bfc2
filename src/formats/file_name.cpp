#include <rubricon/formats/file_name.hpp>

#include <rubricon/formats/plain_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

constexpr std::size_t characters_max = 80;
constexpr std::size_t bytes_max = 180;
constexpr std::string_view reserved = "/\\:*?\"<>|%\n\t";

bool is_device(std::string_view name) {
  const auto stem = folded(trimmed(name.substr(0, name.find('.'))));
  constexpr std::array<std::string_view, 6> devices = {"con", "prn",    "aux",
                                                       "nul", "conin$", "conout$"};
  if (std::ranges::find(devices, stem) != devices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) &&
         stem[3] >= '0' && stem[3] <= '9';
}

std::string_view without_dots(std::string_view text) {
  while (text.starts_with('.') || text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with('.') || text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

bool is_attribute_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$&+-.^_`|~").find(c) != std::string_view::npos;
}

/// ASCII only; "rubric" in place of a name that would be nothing but lines.
std::string ascii_name(std::string_view name) {
  const auto dot = name.rfind('.');
  const auto extension = dot == name.npos ? std::string_view() : name.substr(dot);
  std::string out;
  bool letters = false;
  for (auto rest = name.substr(0, dot); !rest.empty();) {
    const auto c = next_code_point(rest);
    const bool plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
    letters = letters || (c < 0x7f && is_attribute_character(static_cast<char>(c)) && c != '_');
    out += plain ? static_cast<char>(c) : '_';
  }
  return (letters ? out : "rubric") + std::string(extension);
}

}  // namespace

std::string file_name(std::string_view title, std::string_view extension) {
  const auto shown = visible(title).text;
  std::string name;
  std::size_t characters = 0;
  for (std::string_view rest = shown; !rest.empty();) {
    const auto before = name.size();
    const auto c = next_code_point(rest);
    if (c < 0x80 && reserved.find(static_cast<char>(c)) != reserved.npos) {
      name += name.ends_with('_') ? "" : "_";
    } else {
      append_code_point(name, c);
    }
    if (name.size() > bytes_max || ++characters > characters_max) {
      name.resize(before);
      break;
    }
  }
  name = std::string(without_dots(name));
  if (is_device(name)) name.insert(0, "_");
  const bool nothing = name.find_first_not_of("_ .") == std::string::npos;
  return (nothing ? "rubric" : name) + "." + std::string(extension);
}

std::string content_disposition(std::string_view file_name) {
  std::string encoded;
  for (const char c : file_name) {
    encoded += is_attribute_character(c) ? std::string(1, c)
                                         : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", ascii_name(file_name),
                     encoded);
}

}  // namespace rubricon::formats
