#include <rubricon/ai_http/canary_guard.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::ai_http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
  return out;
}

}  // namespace

std::string CanaryGuard::feed(std::string_view piece) {
  if (tripped_) return {};
  held_ += piece;
  const auto text = lower(held_);
  auto shown = text.find(canary_);
  tripped_ = shown != std::string::npos;
  if (!tripped_) {
    // As much of the end as may begin it is kept back.
    auto kept = std::min(canary_.size(), text.size());
    while (!text.ends_with(std::string_view(canary_).substr(0, kept))) --kept;
    shown = text.size() - kept;
  }
  auto out = held_.substr(0, shown);
  held_.erase(0, shown);
  return out;
}

std::string CanaryGuard::finish() {
  auto rest = std::exchange(held_, {});
  return tripped_ ? std::string() : rest;
}

bool CanaryGuard::is_in(std::string_view text) const {
  return lower(text).contains(canary_);
}

}  // namespace rubricon::ai_http
