#include <rubricon/domain/text.hpp>
#include <rubricon/formats/markup.hpp>
#include <rubricon/formats/table_reader.hpp>
#include <rubricon/formats/xlsx.hpp>
#include <rubricon/formats/xlsx_styles.hpp>
#include <rubricon/formats/xlsx_text.hpp>
#include <rubricon/formats/zip.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <vector>

namespace rubricon::formats {
namespace {

constexpr std::size_t sheet_text_max = 2 * 1024 * 1024;

constexpr std::size_t hidden_sheets_max = 10;

class SharedStrings final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes& attributes) override {
    if (name == "si") reader_.take();
    reader_.start(name, attributes);
  }
  void text(std::string_view utf8) override { reader_.text(utf8); }
  void end(std::string_view name) override {
    reader_.end(name);
    if (name == "si") strings.push_back(reader_.take());
  }

  std::vector<XlsxText> strings;

 private:
  XlsxTextReader reader_;
};

struct SheetEntry {
  std::string name;
  std::string relation;
  bool shown = true;
};

class Workbook final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes& attributes) override {
    if (name != "sheet") return;
    const auto state = attribute(attributes, "state");
    sheets.push_back({std::string(attribute(attributes, "name")),
                      std::string(attribute(attributes, "id")),
                      state.empty() || state == "visible"});
  }
  void text(std::string_view) override {}
  void end(std::string_view) override {}

  /// The first that is shown; where none is, or none need be, the first.
  std::size_t first(HiddenTexts wanted) const {
    const auto shown = std::ranges::find(sheets, true, &SheetEntry::shown);
    if (wanted == HiddenTexts::kept || shown == sheets.end()) return 0;
    return static_cast<std::size_t>(shown - sheets.begin());
  }

  std::vector<SheetEntry> sheets;
};

class Relations final : public MarkupEvents {
 public:
  void start(std::string_view name, const Attributes& attributes) override {
    if (name != "Relationship") return;
    const auto target = part(attribute(attributes, "Target"));
    parts_[std::string(attribute(attributes, "Id"))] = target;
    if (attribute(attributes, "Type").ends_with("/sharedStrings")) strings_part = target;
    if (attribute(attributes, "Type").ends_with("/styles")) styles_part = target;
  }
  void text(std::string_view) override {}
  void end(std::string_view) override {}

  std::string part_of(const std::string& relation) const {
    const auto found = parts_.find(relation);
    return found == parts_.end() ? "xl/worksheets/sheet1.xml" : found->second;
  }

  std::string strings_part = "xl/sharedStrings.xml";
  std::string styles_part = "xl/styles.xml";

 private:
  static std::string part(std::string_view target) {
    if (target.starts_with('/')) return std::string(target.substr(1));
    return "xl/" + std::string(target);
  }

  std::map<std::string, std::string> parts_;
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

/// A row or a column that is not shown, or has no extent.
bool is_hidden(const Attributes& attributes, std::string_view extent) {
  const auto hidden = attribute(attributes, "hidden");
  return hidden == "1" || hidden == "true" || attribute(attributes, extent) == "0";
}

/// What all sheets of a workbook share.
struct SharedParts {
  SharedStrings strings;
  XlsxStyles styles;
};

class Sheet final : public MarkupEvents {
 public:
  Sheet(const SharedParts& shared, HiddenReport& report, Notes& notes)
      : shared_(shared), report_(report), notes_(notes) {}

  void start(std::string_view name, const Attributes& attributes) override;
  void text(std::string_view utf8) override {
    if (reading_) value_ += utf8;
    if (in_cell_) inline_.text(utf8);
  }
  void end(std::string_view name) override;
  bool done() const override { return failed_; }

  bool failed() const { return failed_; }
  Grid grid;

 private:
  void hide_columns(const Attributes& attributes);
  void begin_row(const Attributes& attributes);
  void begin_cell(const Attributes& attributes);
  void end_cell();
  void refuse(std::string code, Place place, const char* en, const char* zh);
  XlsxText cell_runs();
  std::string seen_text(const XlsxText& runs, const Place& place);

  const SharedParts& shared_;
  HiddenReport& report_;
  Notes& notes_;
  std::string type_;
  std::string style_;
  std::string value_;
  XlsxTextReader inline_;
  std::vector<bool> hidden_columns_ = std::vector<bool>(grid_columns_max);
  std::size_t column_ = 0;
  std::size_t text_bytes_ = 0;
  bool hidden_row_ = false;
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

void Sheet::hide_columns(const Attributes& attributes) {
  if (!is_hidden(attributes, "width")) return;
  const auto number = [&](const char* name) {
    std::size_t value = 0;
    const auto text = attribute(attributes, name);
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  };
  const auto last = std::min(number("max"), hidden_columns_.size());
  for (auto column = std::max<std::size_t>(number("min"), 1); column <= last; ++column) {
    hidden_columns_[column - 1] = true;
  }
}

void Sheet::begin_row(const Attributes& attributes) {
  hidden_row_ = is_hidden(attributes, "ht");
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
  style_ = attribute(attributes, "s");
  value_.clear();
  inline_.take();
  formula_ = false;
  in_cell_ = true;
}

void Sheet::start(std::string_view name, const Attributes& attributes) {
  if (name == "row") begin_row(attributes);
  if (name == "c") begin_cell(attributes);
  if (name == "col") hide_columns(attributes);
  if (name == "f") formula_ = true;
  reading_ = in_cell_ && name == "v";
  if (in_cell_) inline_.start(name, attributes);
}

XlsxText Sheet::cell_runs() {
  const auto& strings = shared_.strings.strings;
  if (type_ == "s") {
    std::size_t index = strings.size();
    std::from_chars(value_.data(), value_.data() + value_.size(), index);
    return index < strings.size() ? strings[index] : XlsxText();
  }
  auto runs = inline_.take();
  if (runs.empty() && !value_.empty()) {
    const bool number = type_.empty() || type_ == "n";
    runs.push_back({number ? number_text(value_) : std::move(value_), std::nullopt});
  }
  return runs;
}

/// What of a cell is to be taken in; all else is in the report.
std::string Sheet::seen_text(const XlsxText& runs, const Place& place) {
  const auto look = shared_.styles.look(style_);
  const bool hidden_column = column_ < grid_columns_max && hidden_columns_[column_];
  std::string out;
  for (const auto& [text, font] : runs) {
    text_bytes_ += text.size();
    auto hiding = hiding_of(look, font.value_or(look.font));
    auto where = place;
    if (hidden_column) {
      hiding = Hiding::column;
      where.row = 0;
    }
    if (hidden_row_) {
      hiding = Hiding::row;
      where = {.row = place.row, .column = 0, .path = {}};
    }
    const bool whole = hidden_row_ || hidden_column;
    if (hiding) report_.add(*hiding, where, whole ? text + " " : text);
    if (!hiding || report_.wanted() == HiddenTexts::kept) out += text;
  }
  return out;
}

void Sheet::end_cell() {
  in_cell_ = false;
  if (failed_) return;
  auto& row = grid.rows.back();
  const Place place{.row = row.number, .column = column_ + 1, .path = {}};
  auto text = seen_text(cell_runs(), place);
  // Many cells may share one long text.
  if (text_bytes_ > sheet_text_max) {
    return refuse("xlsx_too_large", {}, "The table has more than 2 MiB of text.",
                  "表格的文字超過 2 MiB。");
  }
  if (!text.empty() && column_ >= grid_columns_max) {
    return refuse("too_many_columns", place, "The table has more than 100 columns.",
                  "表格超過 100 欄。");
  }
  if (formula_ && !text.empty() && !formula_noted_) {
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
  if (in_cell_) inline_.end(name);
  if (name == "c" && in_cell_) end_cell();
}

class XlsxReader {
 public:
  XlsxReader(std::string_view bytes, HiddenTexts hidden, Notes notes)
      : bytes_(bytes), report_(hidden), notes_(std::move(notes)) {}

  Preview run() &&;

 private:
  enum class Presence { required, optional };
  bool note_other_document(const ZipArchive& archive);
  bool read(ZipArchive& archive, const std::string& part, Presence presence, MarkupEvents& events);
  bool read_sheets(ZipArchive& archive);
  void look_into_hidden(ZipArchive& archive);
  std::size_t taken() const { return workbook_.first(report_.wanted()); }

  std::string_view bytes_;
  HiddenReport report_;
  Notes notes_;
  Workbook workbook_;
  Relations relations_;
  SharedParts shared_;
  Grid grid_;
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

bool XlsxReader::read_sheets(ZipArchive& archive) {
  const bool known = read(archive, "xl/workbook.xml", Presence::required, workbook_) &&
                     read(archive, "xl/_rels/workbook.xml.rels", Presence::optional, relations_) &&
                     read(archive, relations_.strings_part, Presence::optional, shared_.strings) &&
                     read(archive, relations_.styles_part, Presence::optional, shared_.styles);
  if (!known) return false;
  const auto& sheets = workbook_.sheets;
  const auto relation = sheets.empty() ? std::string() : sheets[taken()].relation;
  Sheet sheet(shared_, report_, notes_);
  if (!read(archive, relations_.part_of(relation), Presence::required, sheet) || sheet.failed()) {
    return false;
  }
  grid_ = std::move(sheet.grid);
  look_into_hidden(archive);
  return true;
}

/// Only to say what is on them.
void XlsxReader::look_into_hidden(ZipArchive& archive) {
  std::size_t looked_into = 0;
  for (std::size_t i = 0; i < workbook_.sheets.size(); ++i) {
    const auto& entry = workbook_.sheets[i];
    const auto part = relations_.part_of(entry.relation);
    if (entry.shown || archive.size_of(part) > xlsx_part_bytes_max) continue;
    if (++looked_into > hidden_sheets_max) return;
    const auto xml = i == taken() ? std::nullopt : archive.read(part);
    Notes unused;
    HiddenReport kept(HiddenTexts::kept);
    Sheet sheet(shared_, kept, unused);
    if (xml && domain::is_utf8(*xml)) read_xml(*xml, sheet);
    for (const auto& row : i == taken() ? grid_.rows : sheet.grid.rows) {
      for (const auto& cell : row.cells) {
        if (!cell.text.empty()) report_.add(Hiding::sheet, {}, cell.text + " ", entry.name);
      }
    }
  }
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
  if (!read_sheets(*archive)) return {std::nullopt, notes_.list()};
  report_.tell(notes_);
  if (const auto sheets = workbook_.sheets.size(); sheets > 1) {
    notes_.warn({}, "several_sheets",
                {.en = fmt::format("The workbook has {} sheets; \"{}\" was read.", sheets,
                                   shortened(workbook_.sheets[taken()].name)),
                 .zh_tw = fmt::format("活頁簿有 {} 張工作表，只讀取了「{}」。", sheets,
                                      shortened(workbook_.sheets[taken()].name))});
  }
  return read_table(grid_, std::move(notes_));
}

}  // namespace

Preview read_xlsx(std::string_view bytes, HiddenTexts hidden, Notes notes) {
  return XlsxReader(bytes, hidden, std::move(notes)).run();
}

}  // namespace rubricon::formats
