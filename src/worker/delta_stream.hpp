/// The growing text of one answer, cut into pieces for the sockets: pieces are gathered for a
/// while, carry their offset in UTF-16 units (how JavaScript counts), and never split a code point.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::worker {

struct Delta {
  std::size_t offset = 0;  ///< UTF-16 units before this piece
  std::string text;        ///< whole UTF-8 sequences

  bool operator==(const Delta&) const = default;
};

/// Pure: no clock. The owner decides when to `take()`.
class DeltaStream {
 public:
  explicit DeltaStream(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// Adds what the model wrote. A sequence may arrive in parts; malformed bytes become U+FFFD. What
  /// goes beyond `bytes_max` is dropped, and `full()` turns true.
  void append(std::string_view piece);
  /// Everything complete that was not taken yet.
  std::optional<Delta> take();

  /// All complete text so far.
  const std::string& text() const { return text_; }
  bool full() const { return full_; }

 private:
  std::size_t bytes_max_;
  std::string text_;
  std::string partial_;    ///< the beginning of a sequence, at most 3 bytes
  std::size_t taken_ = 0;  ///< bytes
  std::size_t taken_utf16_ = 0;
  bool full_ = false;
};

}  // namespace rubricon::worker
