#include <rubricon/sim/partial_answers.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace rubricon::sim {
namespace {

void append_utf16(std::u16string& out, char32_t point) {
  if (point < 0x10000) {
    out += static_cast<char16_t>(point);
    return;
  }
  out += static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10));
  out += static_cast<char16_t>(0xdc00 + ((point - 0x10000) & 0x3ff));
}

/// Of valid UTF-8.
std::u16string to_utf16(std::string_view text) {
  std::u16string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    auto point = static_cast<char32_t>(more == 0 ? lead : lead & (0x3f >> more));
    for (int n = 0; n < more; ++n)
      point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3f);
    append_utf16(out, point);
  }
  return out;
}

}  // namespace

const PartialAnswers::Partial* PartialAnswers::add(const boost::json::object& delta) {
  const auto attempt = delta.at("attempt").as_int64();
  auto& partial = by_job_[std::string(delta.at("jobId").as_string())];
  if (attempt < partial.attempt) return nullptr;
  if (attempt > partial.attempt) partial = {attempt, {}};
  const auto offset = static_cast<std::size_t>(delta.at("off").as_int64());
  const auto& piece = delta.at("text").as_string();
  const auto text = to_utf16({piece.data(), piece.size()});
  if (offset > partial.text.size() || offset + text.size() <= partial.text.size()) return nullptr;
  partial.text.resize(offset);
  partial.text += text;
  return &partial;
}

std::string to_utf8(const std::u16string& text) {
  std::string out;
  for (const char16_t unit : text) {
    if (unit < 0x80) {
      out += static_cast<char>(unit);
    } else if (unit < 0x800) {
      out += {static_cast<char>(0xc0 | unit >> 6), static_cast<char>(0x80 | (unit & 0x3f))};
    } else {
      out += {static_cast<char>(0xe0 | unit >> 12), static_cast<char>(0x80 | (unit >> 6 & 0x3f)),
              static_cast<char>(0x80 | (unit & 0x3f))};
    }
  }
  return out;
}

}  // namespace rubricon::sim
