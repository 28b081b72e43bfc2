#include <rubricon/formats/text_input.hpp>

#include <rubricon/domain/text.hpp>
#include <rubricon/formats/plain_text.hpp>

namespace rubricon::formats {
namespace {

enum class ByteOrder { little, big };

/// Nothing for half a unit or half a pair.
std::optional<std::string> from_utf16(std::string_view bytes, ByteOrder order) {
  if (bytes.size() % 2 != 0) return std::nullopt;
  const auto unit = [bytes, order](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(order == ByteOrder::little ? second << 8 | first
                                                            : first << 8 | second);
  };
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    char32_t c = unit(at);
    if (c >= 0xdc00 && c <= 0xdfff) return std::nullopt;
    if (c >= 0xd800 && c <= 0xdbff) {
      if (at + 2 >= bytes.size()) return std::nullopt;
      const auto low = unit(at + 2);
      if (low < 0xdc00 || low > 0xdfff) return std::nullopt;
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
      at += 2;
    }
    append_code_point(out, c);
  }
  return out;
}

/// Whether every byte that is not ASCII belongs to a pair as Big5 has them.
bool is_like_big5(std::string_view bytes) {
  bool pairs = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto lead = static_cast<unsigned char>(bytes[i]);
    if (lead < 0x80) continue;
    if (lead < 0x81 || lead == 0xff || ++i == bytes.size()) return false;
    const auto trail = static_cast<unsigned char>(bytes[i]);
    if (!((trail >= 0x40 && trail <= 0x7e) || (trail >= 0xa1 && trail <= 0xfe))) return false;
    pairs = true;
  }
  return pairs;
}

void refuse(Notes& notes, std::string_view bytes) {
  if (is_like_big5(bytes)) {
    notes.error({}, "big5",
                {.en = "This file is in Big5, an old Chinese encoding. In Excel choose File > Save "
                       "As > \"CSV UTF-8 (Comma delimited)\", and import that file.",
                 .zh_tw = "這個檔案是 Big5 編碼。請在 Excel 選「檔案」＞「另存新檔」＞"
                          "「CSV UTF-8（逗號分隔）」，再匯入新的檔案。"});
    return;
  }
  notes.error({}, "not_utf8",
              {.en = "The text is neither UTF-8 nor UTF-16. Save it as UTF-8, and import it again.",
               .zh_tw = "文字不是 UTF-8 也不是 UTF-16 編碼。請存成 UTF-8 後再匯入一次。"});
}

}  // namespace

std::optional<std::string> read_text(std::string_view bytes, Notes& notes) {
  std::optional<std::string> text;
  if (bytes.starts_with("\xff\xfe")) {
    text = from_utf16(bytes.substr(2), ByteOrder::little);
  } else if (bytes.starts_with("\xfe\xff")) {
    text = from_utf16(bytes.substr(2), ByteOrder::big);
  } else {
    if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
    if (domain::is_utf8(bytes)) text = bytes;
  }
  if (!text) {
    refuse(notes, bytes);
    return std::nullopt;
  }
  if (text->find('\0') != std::string::npos) {
    notes.error(
        {}, "not_text",
        {.en = "This is not a text file: it has zero bytes. Save the table as CSV UTF-8 or "
               "as XLSX, and import that.",
         .zh_tw = "這不是文字檔（含有空位元組）。請把表格存成 CSV UTF-8 或 XLSX 後再匯入。"});
    return std::nullopt;
  }
  return text;
}

}  // namespace rubricon::formats
