#include <rubricon/formats/foreign_file.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace rubricon::formats {
namespace {

struct Kind {
  std::string_view start;  ///< the bytes that it begins with
  const char* code;
  const char* en;
  const char* zh;
};

constexpr const char* picture_en =
    "This is a picture, in which no table can be read. Open the document that it was taken from, "
    "copy the table there, and paste it here.";
constexpr const char* picture_zh =
    "這是圖片，無法讀取其中的表格。請開啟原始文件，複製表格後貼到這裡。";

constexpr std::array<Kind, 6> kinds = {{
    {"%PDF-", "pdf",
     "This is a PDF, which says where letters stand and not what is a table. Open the document "
     "that it was made from, or the PDF in Word, copy the table, and paste it here.",
     "這是 PDF，無法可靠讀取其中的表格。請開啟原始文件（或用 Word 開啟這個 PDF），複製表格後貼到這"
     "裡。"},
    {"\x89PNG", "picture", picture_en, picture_zh},
    {"\xff\xd8\xff", "picture", picture_en, picture_zh},
    {"GIF8", "picture", picture_en, picture_zh},
    {"{\\rtf", "rtf",
     "This is a document in rich text (RTF). Open it in Word, copy the table, and paste it here.",
     "這是 RTF 文件。請用 Word 開啟，複製表格後貼到這裡。"},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_office",
     "This is an old .xls or .doc file, or one with a password. Save it as .xlsx without a "
     "password and import that, or copy the table and paste it here.",
     "這是舊版 .xls／.doc 檔，或有密碼的檔案。請存成沒有密碼的 .xlsx 再匯入，或複製表格後貼到這"
     "裡。"},
}};

}  // namespace

bool note_foreign_file(std::string_view bytes, Notes& notes) {
  const auto* const kind =
      std::ranges::find_if(kinds, [&](const Kind& each) { return bytes.starts_with(each.start); });
  if (kind == kinds.end()) return false;
  notes.error({}, kind->code, {.en = kind->en, .zh_tw = kind->zh});
  return true;
}

}  // namespace rubricon::formats
