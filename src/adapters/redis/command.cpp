#include <rubricon/redis/command.hpp>

#include <fmt/format.h>

#include <iterator>

namespace rubricon::redis {

Command& Command::add(std::string_view word) {
  fmt::format_to(std::back_inserter(body_), "${}\r\n", word.size());
  body_ += word;
  body_ += "\r\n";
  ++words_;
  return *this;
}

std::string Command::bytes() const {
  return fmt::format("*{}\r\n{}", words_, body_);
}

}  // namespace rubricon::redis
