#include <rubricon/formats/markup.hpp>

#include <rubricon/formats/plain_text.hpp>

namespace rubricon::formats {

std::string escape_markup(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto c = next_code_point(text);
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: {
        const bool allowed = (c >= 0x20 || c == '\n' || c == '\t') && c != 0xfffe && c != 0xffff;
        append_code_point(out, allowed ? c : U'\uFFFD');
      }
    }
  }
  return out;
}

std::string_view attribute(const Attributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace rubricon::formats
