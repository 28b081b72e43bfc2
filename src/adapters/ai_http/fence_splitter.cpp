#include <rubricon/ai_http/fence_splitter.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace rubricon::ai_http {
namespace {

constexpr std::string_view fence = "```";
constexpr std::array<std::string_view, 2> openings = {"```rubric+json", "```json"};
constexpr std::string_view spaces = " \t\r\n";

std::string_view without_leading(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
  return text;
}

std::string_view without_trailing(std::string_view text) {
  return text.substr(0, text.find_last_not_of(spaces) + 1);
}

/// The opening that `line` begins with; empty where it does not.
std::string_view opening_of(std::string_view line) {
  line = without_leading(line);
  const auto found =
      std::ranges::find_if(openings, [&](auto opening) { return line.starts_with(opening); });
  return found == openings.end() ? std::string_view() : *found;
}

/// Whether more text could make an opening of it.
bool may_become_opening(std::string_view line) {
  line = without_leading(line);
  return std::ranges::any_of(openings, [&](auto opening) {
    return opening.starts_with(line) || line.starts_with(opening);
  });
}

/// How much of the end of `text` must wait for what comes next.
std::size_t held_back(std::string_view text, bool at_line_start) {
  const auto feed = text.rfind('\n');
  const bool begins_line = feed != std::string_view::npos || at_line_start;
  const auto line = feed == std::string_view::npos ? text : text.substr(feed + 1);
  auto shown =
      begins_line && may_become_opening(line) ? text.substr(0, text.size() - line.size()) : text;
  return text.size() - without_trailing(shown).size();
}

}  // namespace

std::string FenceSplitter::feed(std::string_view text) {
  held_ += text;
  std::string out;
  std::string_view rest = held_;
  while (in_block_ ? take_block_line(rest) : enter_block(rest, out)) {
  }
  if (!in_block_) {
    const auto shown = rest.substr(0, rest.size() - held_back(rest, at_line_start_));
    show(shown, out);
    if (!shown.empty()) at_line_start_ = false;
    rest.remove_prefix(shown.size());
  }
  held_.erase(0, held_.size() - rest.size());
  return out;
}

std::string FenceSplitter::finish() {
  std::string out;
  const auto rest = std::exchange(held_, {});
  if (in_block_) {
    take_block_text(rest);
  } else if (opening_of(rest).empty()) {
    show(without_trailing(rest), out);
  }
  return out;
}

bool FenceSplitter::take_block_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  take_block_text(rest.substr(0, end));
  // The line feed stays: what follows the block begins a line.
  rest.remove_prefix(in_block_ ? end + 1 : end);
  return true;
}

void FenceSplitter::take_block_text(std::string_view line) {
  const auto text = without_trailing(line);
  const bool closes = text.ends_with(fence);
  if (blocks_ == 1) {
    document_ += closes ? text.substr(0, text.size() - fence.size()) : line;
    document_ += '\n';
  }
  if (closes) in_block_ = false;
}

bool FenceSplitter::enter_block(std::string_view& rest, std::string& out) {
  std::size_t begin = 0;
  if (!at_line_start_) {
    begin = rest.find('\n');
    if (begin == std::string_view::npos) return false;
    ++begin;
  }
  while (begin < rest.size()) {
    const auto end = rest.find('\n', begin);
    if (end == std::string_view::npos) return false;
    const auto line = rest.substr(begin, end - begin);
    if (const auto opening = opening_of(line); !opening.empty()) {
      show(without_trailing(rest.substr(0, begin)), out);
      rest.remove_prefix(end + 1);
      in_block_ = true;
      at_line_start_ = false;
      ++blocks_;
      take_block_text(without_leading(line).substr(opening.size()));
      return true;
    }
    begin = end + 1;
  }
  return false;
}

void FenceSplitter::show(std::string_view text, std::string& out) {
  if (!shown_) text = without_leading(text);
  if (text.empty()) return;
  shown_ = true;
  out += text;
}

}  // namespace rubricon::ai_http
