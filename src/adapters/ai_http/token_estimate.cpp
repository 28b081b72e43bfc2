#include <rubricon/ai_http/token_estimate.hpp>

namespace rubricon::ai_http {

std::size_t estimated_tokens(std::string_view text) {
  std::size_t thirds = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      thirds += 1;
    } else if (byte >= 0xF0) {
      thirds += 9;
    } else if (byte >= 0xE0) {
      thirds += 5;
    } else if (byte >= 0xC0) {
      thirds += 3;
    }
  }
  return (thirds + 2) / 3;
}

}  // namespace rubricon::ai_http
