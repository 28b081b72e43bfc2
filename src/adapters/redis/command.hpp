/// A command as Redis reads it: words with their lengths, so any bytes may be in any of them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace rubricon::redis {

class Command {
 public:
  Command(std::initializer_list<std::string_view> words) {
    for (const auto word : words) add(word);
  }

  Command& add(std::string_view word);
  template <std::integral Number>
  Command& add(Number number) {
    return add(std::string_view(std::to_string(number)));
  }

  /// RESP2.
  std::string bytes() const;

 private:
  std::size_t words_ = 0;
  std::string body_;
};

}  // namespace rubricon::redis
