/// Parts what a model writes as prose with one fenced block into the text that is shown and the
/// document that is not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// Pure. A block opens with a line ```` ```rubric+json ```` (```` ```json ```` is understood) and
/// closes with ```` ``` ````. Whatever may still turn out to be an opening, white space before it
/// included, is held back, so that it never flashes. Text is trimmed at both ends.
class FenceSplitter {
 public:
  /// The visible text that these bytes add: whole code points where `text` is.
  std::string feed(std::string_view text);
  /// The rest of the visible text; nothing may be fed any more.
  std::string finish();

  /// What stood in the first block.
  const std::string& document() const { return document_; }
  std::size_t blocks() const { return blocks_; }
  /// A block was opened and never closed.
  bool open() const { return in_block_; }

 private:
  /// Takes the next line of the block from `rest`. False where its end is not there yet.
  bool take_block_line(std::string_view& rest);
  void take_block_text(std::string_view line);
  /// Shows what stands before the next opening in `rest`, and enters the block. False where there
  /// is no opening.
  bool enter_block(std::string_view& rest, std::string& out);
  void show(std::string_view text, std::string& out);

  std::string held_;  ///< neither shown nor in the document yet
  std::string document_;
  std::size_t blocks_ = 0;
  bool in_block_ = false;
  bool shown_ = false;         ///< something was
  bool at_line_start_ = true;  ///< where held_ begins
};

}  // namespace rubricon::ai_http
