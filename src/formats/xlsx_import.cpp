#include <rubricon/domain/text.hpp>
#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/table_reader.hpp>
#include <rubricon/formats/xlsx.hpp>
#include <rubricon/formats/zip.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace rubricon::formats {
namespace {

constexpr std::size_t sheet_text_max = 2 * 1024 * 1024;

/// The texts of <si> elements, without the readings above East Asian characters.
class SharedStrings final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes&) override {
    if (name == "si") strings.emplace_back();
    if (name == "rPh") ++phonetic_;
    text_ = name == "t" && phonetic_ == 0;
  }
  void text(std::string_view utf8) override {
    if (text_ && !strings.empty()) strings.back() += utf8;
  }
  void end(std::string_view name) override {
    if (name == "rPh" && phonetic_ > 0) --phonetic_;
    text_ = false;
  }

  std::vector<std::string> strings;

 private:
  std::size_t phonetic_ = 0;
  bool text_ = false;
};

/// The first sheet's relation, and how many there are.
class Workbook final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes& attributes) override {
    if (name != "sheet") return;
    if (sheets++ == 0) relation = attribute(attributes, "id");
  }
  void text(std::string_view) override {}
  void end(std::string_view) override {}

  std::string relation;
  std::size_t sheets = 0;
};

class Relations final : public MarkupEvents {
 public:
  explicit Relations(std::string sheet) : sheet_(std::move(sheet)) {}

  void start(std::string_view name, const Attributes& attributes) override {
    if (name != "Relationship") return;
    const auto target = part(attribute(attributes, "Target"));
    if (attribute(attributes, "Id") == sheet_) sheet_part = target;
    if (attribute(attributes, "Type").ends_with("/sharedStrings")) strings_part = target;
  }
  void text(std::string_view) override {}
  void end(std::string_view) override {}

  std::string sheet_part = "xl/worksheets/sheet1.xml";
  std::string strings_part = "xl/sharedStrings.xml";

 private:
  static std::string part(std::string_view target) {
    if (target.starts_with('/')) return std::string(target.substr(1));
    return "xl/" + std::string(target);
  }

  std::string sheet_;
};

/// "B3" is column 1, from 0.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t letters = 0;
  for (; letters < reference.size() && letters < 3; ++letters) {
    const char c = reference[letters];
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
  }
  if (letters == 0) return std::nullopt;
  return column - 1;
}

/// As a person would write it: 30, 0.3, 12.5.
std::string number_text(const std::string& text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size()) return text;
  if (!(std::abs(value) < 1e9)) return text;
  auto out = fmt::format("{:.4f}", value);
  while (out.ends_with('0')) out.pop_back();
  if (out.ends_with('.')) out.pop_back();
  return out;
}

class Sheet final : public MarkupEvents {
 public:
  Sheet(const std::vector<std::string>& strings, Notes& notes) : strings_(strings), notes_(notes) {}

  void start(std::string_view name, const Attributes& attributes) override;
  void text(std::string_view utf8) override {
    if (reading_ && phonetic_ == 0) value_ += utf8;
  }
  void end(std::string_view name) override;
  bool done() const override { return failed_; }

  bool failed() const { return failed_; }
  Grid grid;

 private:
  void begin_row(const Attributes& attributes);
  void begin_cell(const Attributes& attributes);
  void end_cell();
  void refuse(std::string code, Place place, const char* en, const char* zh);
  std::string cell_text();

  const std::vector<std::string>& strings_;
  Notes& notes_;
  std::string type_;
  std::string value_;
  std::size_t column_ = 0;
  std::size_t text_bytes_ = 0;
  std::size_t phonetic_ = 0;
  bool in_cell_ = false;
  bool reading_ = false;
  bool formula_ = false;
  bool formula_noted_ = false;
  bool failed_ = false;
};

void Sheet::refuse(std::string code, Place place, const char* en, const char* zh) {
  if (!failed_) notes_.error(std::move(place), std::move(code), {.en = en, .zh_tw = zh});
  failed_ = true;
}

void Sheet::begin_row(const Attributes& attributes) {
  const auto text = attribute(attributes, "r");
  std::size_t number = grid.rows.empty() ? 1 : grid.rows.back().number + 1;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (grid.rows.size() == grid_rows_max) {
    refuse("too_many_rows", {.row = number, .column = 0, .path = {}},
           "The table has more than 1000 rows.", "表格超過 1000 列。");
    return;
  }
  grid.rows.push_back({number, {}});
  column_ = 0;
}

void Sheet::begin_cell(const Attributes& attributes) {
  if (grid.rows.empty()) begin_row({});
  if (const auto column = column_of(attribute(attributes, "r"))) column_ = *column;
  type_ = attribute(attributes, "t");
  value_.clear();
  formula_ = false;
  in_cell_ = true;
}

void Sheet::start(std::string_view name, const Attributes& attributes) {
  if (name == "row") begin_row(attributes);
  if (name == "c") begin_cell(attributes);
  if (name == "rPh") ++phonetic_;
  if (name == "f") formula_ = true;
  reading_ = in_cell_ && (name == "v" || name == "t");
}

std::string Sheet::cell_text() {
  if (type_ == "s") {
    std::size_t index = strings_.size();
    std::from_chars(value_.data(), value_.data() + value_.size(), index);
    return index < strings_.size() ? strings_[index] : std::string();
  }
  if (type_.empty() || type_ == "n") return number_text(value_);
  return std::move(value_);
}

void Sheet::end_cell() {
  in_cell_ = false;
  if (failed_) return;
  auto text = cell_text();
  text_bytes_ += text.size();
  // Many cells may share one long text.
  if (text_bytes_ > sheet_text_max) {
    return refuse("xlsx_too_large", {}, "The table has more than 2 MiB of text.",
                  "表格的文字超過 2 MiB。");
  }
  auto& row = grid.rows.back();
  const Place place{.row = row.number, .column = column_ + 1, .path = {}};
  if (!text.empty() && column_ >= grid_columns_max) {
    return refuse("too_many_columns", place, "The table has more than 100 columns.",
                  "表格超過 100 欄。");
  }
  if (formula_ && !formula_noted_) {
    formula_noted_ = true;
    const auto cell = column_letters(column_ + 1) + std::to_string(row.number);
    notes_.warn(place, "formula",
                {.en = fmt::format("Cell {} is a formula; its last result was taken.", cell),
                 .zh_tw = fmt::format("儲存格 {} 是公式，已採用它最後的結果。", cell)});
  }
  if (column_ < grid_columns_max && !text.empty()) {
    if (row.cells.size() <= column_) row.cells.resize(column_ + 1);
    row.cells[column_].text = std::move(text);
  }
  ++column_;
}

void Sheet::end(std::string_view name) {
  reading_ = false;
  if (name == "rPh" && phonetic_ > 0) --phonetic_;
  if (name == "c" && in_cell_) end_cell();
}

class XlsxReader {
 public:
  XlsxReader(std::string_view bytes, Notes notes) : bytes_(bytes), notes_(std::move(notes)) {}

  Preview run() &&;

 private:
  enum class Presence { required, optional };
  bool note_other_document(const ZipArchive& archive);
  bool read(ZipArchive& archive, const std::string& part, Presence presence, MarkupEvents& events);

  std::string_view bytes_;
  Notes notes_;
};

bool XlsxReader::read(ZipArchive& archive, const std::string& part, Presence presence,
                      MarkupEvents& events) {
  if (archive.size_of(part) > xlsx_part_bytes_max) {
    notes_.error({}, "xlsx_too_large",
                 {.en = "The workbook is too large to be one rubric. Copy the table to a new one.",
                  .zh_tw = "活頁簿太大，不像只有一份評分表。請把表格複製到新的活頁簿。"});
    return false;
  }
  const auto xml = archive.read(part);
  if (!xml && presence == Presence::optional) return true;
  const bool text = xml && domain::is_utf8(*xml);
  switch (text ? read_xml(*xml, events) : XmlOutcome::malformed) {
    case XmlOutcome::whole: return true;
    case XmlOutcome::document_type:
      notes_.error(
          {}, "xml_doctype",
          {.en = "The file has a document type, which no spreadsheet has. It was not read.",
           .zh_tw = "檔案含有文件類型宣告（DOCTYPE），一般試算表不會有，因此未讀取。"});
      return false;
    case XmlOutcome::malformed:
    case XmlOutcome::too_deep: break;
  }
  notes_.error({}, "xlsx_damaged",
               {.en = fmt::format("This is no whole Excel workbook: {} cannot be read.", part),
                .zh_tw = fmt::format("這不是完整的 Excel 檔：無法讀取 {}。", part)});
  return false;
}

/// Whether it is a document of another program; then with what can be done.
bool XlsxReader::note_other_document(const ZipArchive& archive) {
  if (archive.size_of("word/document.xml") > 0) {
    notes_.error(
        {}, "word_document",
        {.en = "This is a Word document, which can be written and not read. Copy the table in "
               "Word and import what you copied, or save it as an Excel workbook.",
         .zh_tw =
             "這是 Word 文件，可以匯出但無法匯入。請在 Word 複製表格後直接貼上匯入，或另存成 Excel "
             "活頁簿。"});
  } else if (archive.size_of("content.xml") > 0) {
    notes_.error({}, "open_document",
                 {.en = "This is an OpenDocument file (.ods, .odt), which cannot be read. Save it "
                        "as .xlsx and import that, or copy the table and paste it here.",
                  .zh_tw = "這是 OpenDocument 檔（.ods、.odt），無法讀取。請存成 .xlsx "
                           "再匯入，或複製表格後貼到這裡。"});
  }
  return notes_.failed();
}

Preview XlsxReader::run() && {
  auto archive = ZipArchive::open(bytes_, notes_);
  if (!archive) return {std::nullopt, notes_.list()};
  if (note_other_document(*archive)) return {std::nullopt, notes_.list()};
  Workbook workbook;
  if (!read(*archive, "xl/workbook.xml", Presence::required, workbook)) {
    return {std::nullopt, notes_.list()};
  }
  Relations relations(workbook.relation);
  SharedStrings strings;
  if (!read(*archive, "xl/_rels/workbook.xml.rels", Presence::optional, relations) ||
      !read(*archive, relations.strings_part, Presence::optional, strings)) {
    return {std::nullopt, notes_.list()};
  }
  Sheet sheet(strings.strings, notes_);
  if (!read(*archive, relations.sheet_part, Presence::required, sheet) || sheet.failed()) {
    return {std::nullopt, notes_.list()};
  }
  if (workbook.sheets > 1) {
    notes_.warn(
        {}, "several_sheets",
        {.en = fmt::format("The workbook has {} sheets; the first was read.", workbook.sheets),
         .zh_tw = fmt::format("活頁簿有 {} 張工作表，只讀取了第一張。", workbook.sheets)});
  }
  return read_table(sheet.grid, std::move(notes_));
}

}  // namespace

Preview read_xlsx(std::string_view bytes, Notes notes) {
  return XlsxReader(bytes, std::move(notes)).run();
}

}  // namespace rubricon::formats
