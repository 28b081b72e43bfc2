#include <rubricon/formats/import.hpp>

#include <rubricon/formats/canvas_csv.hpp>
#include <rubricon/formats/excel_csv.hpp>
#include <rubricon/formats/foreign_file.hpp>
#include <rubricon/formats/html.hpp>
#include <rubricon/formats/json_document.hpp>
#include <rubricon/formats/markdown.hpp>
#include <rubricon/formats/plain_text.hpp>
#include <rubricon/formats/text_input.hpp>
#include <rubricon/formats/xlsx.hpp>

#include <algorithm>

namespace rubricon::formats {
namespace {

constexpr std::string_view zip_start = "PK\x03\x04";

/// What begins as HTML does, or with the clipboard's own header, and has one of the tags that a
/// copied table begins with. In a cell of CSV such a tag is a text like any other.
bool is_html_table(std::string_view text) {
  const auto start = trimmed(text);
  if (!start.starts_with('<') && !start.starts_with("Version:")) return false;
  for (const std::string_view tag : {"<table", "<TABLE", "<tr", "<html", "<!doctype html"}) {
    if (text.find(tag) != text.npos) return true;
  }
  return false;
}

FormatId detect_text(std::string_view text) {
  const auto start = trimmed(text);
  if (start.starts_with('{')) return FormatId::json;
  if (is_canvas_csv(text)) return FormatId::canvas_csv;
  if (is_html_table(text)) return FormatId::html;
  if (is_markdown_table(text)) return FormatId::markdown;
  return text.substr(0, text.find('\n')).find('\t') != text.npos ? FormatId::tsv : FormatId::csv;
}

Preview refused(Notes notes, std::string code, const char* en, const char* zh) {
  notes.error({}, std::move(code), {.en = en, .zh_tw = zh});
  return {std::nullopt, notes.list()};
}

Preview read(std::string_view text, FormatId format, const ImportOptions& options, Notes notes) {
  switch (format) {
    case FormatId::canvas_csv: return read_canvas_csv(text, options.rubric, std::move(notes));
    case FormatId::csv:
    case FormatId::tsv: return read_csv_table(text, std::move(notes));
    case FormatId::html: return read_html_table(text, options.hidden, std::move(notes));
    case FormatId::markdown: return read_markdown(text, std::move(notes));
    case FormatId::json: return read_json_document(text, std::move(notes));
    default: break;
  }
  return refused(std::move(notes), "export_only", "This format can be exported, not imported.",
                 "這個格式只能匯出，不能匯入。");
}

}  // namespace

FormatId detect_format(std::string_view bytes) {
  if (bytes.starts_with(zip_start)) return FormatId::xlsx;
  Notes unused;
  const auto text = read_text(bytes, unused);
  return text ? detect_text(*text) : FormatId::csv;
}

Preview import_rubric(std::string_view bytes, const ImportOptions& options) {
  Notes notes;
  if (bytes.size() > import_bytes_max) {
    return refused(std::move(notes), "too_large", "The file is larger than 1 MiB.",
                   "檔案超過 1 MiB。");
  }
  if (note_foreign_file(bytes, notes)) return {std::nullopt, notes.list()};
  if (trimmed(bytes.substr(0, 1'000)).empty() && bytes.size() <= 1'000) {
    return refused(std::move(notes), "empty", "There is nothing in it.", "裡面沒有內容。");
  }
  const bool zip = bytes.starts_with(zip_start);
  if (options.format == FormatId::xlsx || (!options.format && zip)) {
    return read_xlsx(bytes, options.hidden, std::move(notes));
  }
  if (zip) {
    return refused(std::move(notes), "not_text",
                   "This is a workbook or another zip archive, not text. Choose Excel (xlsx).",
                   "這是活頁簿或壓縮檔，不是文字。請選擇 Excel（xlsx）格式。");
  }
  const auto text = read_text(bytes, notes);
  if (!text) return {std::nullopt, notes.list()};
  return read(*text, options.format.value_or(detect_text(*text)), options, std::move(notes));
}

}  // namespace rubricon::formats
