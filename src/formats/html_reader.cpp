#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/plain_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace rubricon::formats {
namespace {

struct Entity {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<Entity, 28> entities = {
    {{"amp", "&"},       {"lt", "<"},     {"gt", ">"},    {"quot", "\""},  {"apos", "'"},
     {"nbsp", "\u00a0"}, {"ndash", "–"},  {"mdash", "—"}, {"hellip", "…"}, {"lsquo", "‘"},
     {"rsquo", "’"},     {"ldquo", "“"},  {"rdquo", "”"}, {"middot", "·"}, {"bull", "•"},
     {"times", "×"},     {"divide", "÷"}, {"ge", "≥"},    {"le", "≤"},     {"ne", "≠"},
     {"deg", "°"},       {"laquo", "«"},  {"raquo", "»"}, {"copy", "©"},   {"reg", "®"},
     {"ensp", " "},      {"emsp", " "},   {"thinsp", " "}}};
constexpr std::size_t entity_bytes_max = 10;
constexpr std::array<std::string_view, 8> raw_elements = {
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Between & and ; such as "amp", "#38", "#x26".
std::optional<std::string> entity_text(std::string_view name) {
  if (!name.starts_with('#')) {
    const auto found = std::ranges::find(entities, name, &Entity::name);
    if (found == entities.end()) return std::nullopt;
    return std::string(found->text);
  }
  name.remove_prefix(1);
  const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
  if (hexadecimal) name.remove_prefix(1);
  std::uint32_t number = 0;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data(), end, number, hexadecimal ? 16 : 10);
  if (rest != end || error != std::errc()) return std::nullopt;
  const bool character = number > 0 && number <= 0x10ffff && (number < 0xd800 || number > 0xdfff);
  std::string out;
  append_code_point(out, character ? number : U'\uFFFD');
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto sign = std::min(text.find('&'), text.size());
    out += text.substr(0, sign);
    text.remove_prefix(sign);
    if (text.empty()) break;
    const auto end = text.substr(0, entity_bytes_max).find(';');
    const auto entity = end == text.npos ? std::nullopt : entity_text(text.substr(1, end - 1));
    out += entity.value_or("&");
    text.remove_prefix(entity ? end + 1 : 1);
  }
  return out;
}

class HtmlReader {
 public:
  HtmlReader(std::string_view text, MarkupEvents& events) : text_(text), events_(events) {}

  void run() {
    while (!text_.empty() && !events_.done()) {
      if (text_.front() != '<' || !markup()) characters();
    }
  }

 private:
  /// Up to the next '<', which is text where nothing begins with it.
  void characters() {
    const auto end = std::min(text_.find('<', 1), text_.size());
    events_.text(decoded(text_.substr(0, end)));
    text_.remove_prefix(end);
  }

  /// False where '<' begins nothing.
  bool markup() {
    if (text_.starts_with("<!--")) {
      skip_past("-->", 4);
    } else if (text_.starts_with("<!") || text_.starts_with("<?")) {
      skip_past(">", 2);
    } else if (text_.size() > 2 && text_[1] == '/' && is_letter(text_[2])) {
      text_.remove_prefix(2);
      const auto name = take_name();
      if (take_attributes()) events_.end(name);
    } else if (text_.size() > 1 && is_letter(text_[1])) {
      text_.remove_prefix(1);
      element(take_name());
    } else {
      return false;
    }
    return true;
  }

  void element(const std::string& name) {
    const auto attributes = take_attributes();
    if (!attributes) return;
    events_.start(name, *attributes);
    if (std::ranges::find(raw_elements, name) == raw_elements.end()) return;
    // Its end is the first end tag of its own name, whatever stands before.
    std::size_t at = 0;
    while ((at = text_.find("</", at)) != text_.npos) {
      if (folded(text_.substr(at + 2, name.size())) == name) break;
      at += 2;
    }
    text_.remove_prefix(std::min(at, text_.size()));
  }

  void skip_past(std::string_view end, std::size_t from) {
    const auto at = text_.find(end, from);
    text_.remove_prefix(at == text_.npos ? text_.size() : at + end.size());
  }

  std::string take_name() {
    std::size_t length = 0;
    while (length < text_.size() && !is_space(text_[length]) && text_[length] != '>' &&
           text_[length] != '/') {
      ++length;
    }
    auto name = folded(text_.substr(0, length));
    text_.remove_prefix(length);
    return name;
  }

  void skip_spaces() {
    while (!text_.empty() && is_space(text_.front())) text_.remove_prefix(1);
  }

  std::string_view take_until(std::string_view ends) {
    const auto length = std::min(text_.find_first_of(ends), text_.size());
    const auto taken = text_.substr(0, length);
    text_.remove_prefix(length);
    return taken;
  }

  std::string_view take_value() {
    text_.remove_prefix(1);
    skip_spaces();
    if (text_.empty() || (text_.front() != '"' && text_.front() != '\'')) {
      return take_until(" \t\n\r\f>");
    }
    const auto quote = text_.substr(0, 1);
    text_.remove_prefix(1);
    const auto value = take_until(quote);
    if (!text_.empty()) text_.remove_prefix(1);
    return value;
  }

  /// The rest of a tag, its '>' included; nothing where the text ends within it.
  std::optional<Attributes> take_attributes() {
    Attributes out;
    while (true) {
      while (!text_.empty() && (is_space(text_.front()) || text_.front() == '/')) {
        text_.remove_prefix(1);
      }
      if (text_.empty()) return std::nullopt;
      if (text_.front() == '>') break;
      const bool bare_sign = text_.front() == '=';
      if (bare_sign) text_.remove_prefix(1);
      const auto name = take_until(" \t\n\r\f/>=");
      skip_spaces();
      const auto value = text_.starts_with('=') ? take_value() : std::string_view();
      if (out.size() < attributes_max) out.emplace_back(folded(name), decoded(value));
    }
    text_.remove_prefix(1);
    return out;
  }

  std::string_view text_;
  MarkupEvents& events_;
};

}  // namespace

void read_html(std::string_view utf8, MarkupEvents& events) {
  HtmlReader(utf8, events).run();
}

}  // namespace rubricon::formats
