#include <rubricon/memory/responses.hpp>

namespace rubricon::memory {

std::string request_of(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
  }
  return text;
}

}  // namespace rubricon::memory
