#include <rubricon/ai_http/thought_filter.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::ai_http {
namespace {

constexpr std::string_view opening = "<think>";
constexpr std::string_view closing = "</think>";

}  // namespace

std::string ThoughtFilter::feed(std::string_view text) {
  if (state_ == State::after) return std::string(text);
  held_ += text;
  if (state_ == State::before) {
    held_.erase(0, std::min(held_.find_first_not_of(" \n\t\r"), held_.size()));
    if (held_.size() < opening.size() && opening.starts_with(held_)) return {};
    state_ = held_.starts_with(opening) ? State::thinking : State::after;
    if (state_ == State::after) return std::exchange(held_, {});
  }
  if (const auto end = held_.find(closing); end != std::string::npos) {
    state_ = State::after;
    return std::exchange(held_, {}).substr(end + closing.size());
  }
  // All but what may be the beginning of the closing.
  if (held_.size() > closing.size()) held_.erase(0, held_.size() - closing.size());
  return {};
}

std::string ThoughtFilter::finish() {
  if (state_ != State::before) return {};
  return std::exchange(held_, {});
}

}  // namespace rubricon::ai_http
