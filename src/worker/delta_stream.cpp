#include <rubricon/worker/delta_stream.hpp>

#include <rubricon/domain/text.hpp>

#include <cstdint>

namespace rubricon::worker {
namespace {

constexpr std::string_view replacement = "\uFFFD";

/// Bytes that the sequence beginning with `first` should have; 0 if no sequence begins so.
std::size_t expected_length(char first) {
  const auto u = static_cast<std::uint8_t>(first);
  if (u < 0x80) return 1;
  if (u >= 0xc2 && u <= 0xdf) return 2;
  if (u >= 0xe0 && u <= 0xef) return 3;
  if (u >= 0xf0 && u <= 0xf4) return 4;
  return 0;
}

bool is_continuation(char c) {
  return (static_cast<std::uint8_t>(c) & 0xc0) == 0x80;
}

}  // namespace

void DeltaStream::append(std::string_view piece) {
  const auto add = [this](std::string_view sequence) {
    if (full_ || text_.size() + sequence.size() > bytes_max_) {
      full_ = true;
      return;
    }
    text_ += sequence;
  };
  for (const char c : piece) {
    if (!partial_.empty() && !is_continuation(c)) {
      add(replacement);  // the sequence was never finished
      partial_.clear();
    }
    partial_ += c;
    const auto length = expected_length(partial_.front());
    if (length == 0) {
      add(replacement);
      partial_.clear();
    } else if (partial_.size() == length) {
      add(domain::is_utf8(partial_) ? std::string_view(partial_) : replacement);
      partial_.clear();
    }
  }
}

std::optional<Delta> DeltaStream::take() {
  if (taken_ == text_.size()) return std::nullopt;
  Delta delta{.offset = taken_utf16_, .text = text_.substr(taken_)};
  taken_ = text_.size();
  taken_utf16_ += domain::utf16_length(delta.text);
  return delta;
}

}  // namespace rubricon::worker
