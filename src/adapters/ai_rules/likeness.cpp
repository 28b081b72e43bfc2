#include <rubricon/ai_rules/likeness.hpp>

#include <rubricon/ai_rules/normalise.hpp>

#include <algorithm>

namespace rubricon::ai_rules {
namespace {

bool is_latin(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || (c >= 0xc0 && c < 0x250);
}

bool is_cjk(char32_t c) {
  return c >= 0x3400 && c < 0xa000;
}

bool is_latin_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

}  // namespace

std::set<std::string> tokens_of(std::string_view folded) {
  std::set<std::string> out;
  const auto text = decode(folded);
  std::string word;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (is_latin(c)) {
      append_utf8(word, c);
      continue;
    }
    if (!word.empty()) out.insert(std::move(word));
    word.clear();
    if (!is_cjk(c)) continue;
    const bool pair = i + 1 < text.size() && is_cjk(text[i + 1]);
    const bool alone = (i == 0 || !is_cjk(text[i - 1])) && !pair;
    std::string token;
    append_utf8(token, c);
    if (pair) append_utf8(token, text[i + 1]);
    if (pair || alone) out.insert(std::move(token));
  }
  if (!word.empty()) out.insert(std::move(word));
  for (const char* filler : {"the", "a", "an", "of", "and", "or", "for", "to", "in", "with"}) {
    out.erase(filler);
  }
  return out;
}

double likeness(std::string_view part, std::string_view whole) {
  return likeness(part, tokens_of(whole));
}

double likeness(std::string_view part, const std::set<std::string>& present) {
  const auto wanted = tokens_of(part);
  if (wanted.empty()) return 0;
  const auto found =
      std::ranges::count_if(wanted, [&](const auto& t) { return present.contains(t); });
  return static_cast<double>(found) / static_cast<double>(wanted.size());
}

std::size_t width(std::string_view text) {
  std::size_t out = 0;
  for (const char32_t c : decode(text)) out += is_cjk(c) ? 4 : 1;
  return out;
}

std::optional<std::size_t> find_word(std::string_view text, std::string_view word,
                                     std::size_t from) {
  if (word.empty()) return std::nullopt;
  for (auto at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    auto end = at + word.size();
    if (!is_latin_byte(word.back())) return at;
    if (text.substr(end).starts_with("es")) end += 2;
    if (end < text.size() && text[end] == 's') ++end;
    const bool cut_before = at > 0 && is_latin_byte(word.front()) && is_latin_byte(text[at - 1]);
    const bool cut_after = end < text.size() && is_latin_byte(text[end]);
    if (!cut_before && !cut_after) return at;
  }
  return std::nullopt;
}

}  // namespace rubricon::ai_rules
