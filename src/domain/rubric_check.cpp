#include <rubricon/domain/rubric_check.hpp>

#include <algorithm>
#include <cstdint>
#include <map>

namespace rubricon::domain {
namespace {

constexpr std::size_t criteria_many = 7;
constexpr std::size_t criteria_few = 2;
constexpr std::int64_t weight_large = 5'000;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '\'' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::size_t words(std::string_view text) {
  std::size_t count = 0;
  bool inside = false;
  for (const char c : text) {
    if (is_word(c) && !inside) ++count;
    inside = is_word(c);
  }
  return count;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<std::uint8_t>(c) & 0xc0) != 0x80; }));
}

/// The first vague word in `text` that is not part of an exact term, or "".
std::string vague_in(const std::string& text, const std::vector<std::string>& vague,
                     const std::vector<std::string>& exact, bool whole_words) {
  for (const auto& word : vague) {
    for (auto at = text.find(word); !word.empty() && at != std::string::npos;
         at = text.find(word, at + word.size())) {
      const auto end = at + word.size();
      const bool cut =
          (at > 0 && is_word(text[at - 1])) || (end < text.size() && is_word(text[end]));
      if (whole_words && cut) continue;
      const bool in_term = std::ranges::any_of(exact, [&](const std::string& term) {
        const auto offset = term.find(word);
        if (offset == std::string::npos || at < offset) return false;
        return text.compare(at - offset, term.size(), term) == 0;
      });
      if (!in_term) return word;
    }
  }
  return {};
}

class Checker {
 public:
  Checker(const Rubric& rubric, const RubricCheckRules& rules) : rubric_(rubric), rules_(rules) {}

  std::vector<RubricFinding> run() {
    document();
    names();
    for (const auto& row : rubric_.criteria) check_row(row);
    if (found_.size() > rubric_findings_max) found_.resize(rubric_findings_max);
    return std::move(found_);
  }

 private:
  void document();
  void names();
  void check_row(const Criterion& row);
  void cell(const Criterion& row, std::size_t index);
  void wording(const Criterion& row, std::size_t index);
  void add(RubricFinding finding) { found_.push_back(std::move(finding)); }
  /// A finding about one cell.
  void add_at(const Criterion& row, std::size_t index, const char* code, const std::string& en,
              const std::string& zh) {
    const auto where = place(row, index);
    add({.code = code,
         .message = {where.en + ": " + en, where.zh_tw + "：" + zh},
         .criterion_id = row.id,
         .level_id = row.cells[index].level_id});
  }
  bool shows_en() const { return rubric_.language != RubricLanguage::zh_tw; }
  bool shows_zh() const { return rubric_.language != RubricLanguage::en; }
  /// "「論點」優異" and "“Thesis”, Exemplary": where a finding is.
  LocalText place(const Criterion& row, std::size_t level) const {
    return {
        "“" + row.name.in(Locale::en) + "”, " + rubric_.levels[level].name.in(Locale::en),
        "「" + row.name.in(Locale::zh_tw) + "」" + rubric_.levels[level].name.in(Locale::zh_tw)};
  }

  const Rubric& rubric_;
  const RubricCheckRules& rules_;
  std::vector<RubricFinding> found_;
};

void Checker::document() {
  Amount weights;
  Amount points;
  for (const auto& row : rubric_.criteria) {
    weights = weights + row.weight;
    points = points + row.points;
  }
  const LocalText equal_label{"Share equally", "權重平均分配"};
  const LocalText equal_command{"Weigh all criteria equally", "權重平均分配"};
  if (weights != Amount::whole(100)) {
    const auto sum = to_string(weights);
    add({.code = "weights_not_100",
         .message = {"The weights add up to " + sum + " %, not 100 %.",
                     "權重合計 " + sum + "%，不是 100%。"},
         .fix_label = equal_label,
         .fix_command = equal_command});
  } else if (points != rubric_.total) {
    add({.code = "points_not_total",
         .message = {"The points add up to " + to_string(points) + ", the total is " +
                         to_string(rubric_.total) + ".",
                     "配分合計 " + to_string(points) + " 分，總分是 " + to_string(rubric_.total) +
                         " 分。"}});
  }
  const auto count = rubric_.criteria.size();
  if (count > criteria_many) {
    add({.code = "many_criteria",
         .message = {
             std::to_string(count) + " criteria are hard to keep apart while grading; " +
                 "most rubrics have 3 to 7.",
             "有 " + std::to_string(count) + " 項規準，批改時不易兼顧，一般以 3 到 7 項為宜。"}});
  } else if (count < criteria_few) {
    add({.code = "few_criteria",
         .message = {"One criterion tells a student little; most rubrics have 3 to 7.",
                     "只有一項規準，學生不容易知道要改進什麼，一般以 3 到 7 項為宜。"}});
  }
}

void Checker::names() {
  std::map<std::string, const Criterion*> seen;
  for (const auto& row : rubric_.criteria) {
    for (const auto& name : {lower(row.name.en), row.name.zh_tw}) {
      if (name.empty()) continue;
      const auto [it, fresh] = seen.emplace(name, &row);
      if (fresh || it->second == &row) continue;
      add({.code = "duplicate_name",
           .message = {"Two criteria are called “" + row.name.in(Locale::en) + "”.",
                       "有兩項規準都叫「" + row.name.in(Locale::zh_tw) + "」。"},
           .criterion_id = row.id});
      break;
    }
  }
}

void Checker::check_row(const Criterion& row) {
  const auto& en = row.name.in(Locale::en);
  const auto& zh = row.name.in(Locale::zh_tw);
  if (row.weight == Amount()) {
    add({.code = "weight_zero",
         .message = {"“" + en + "” weighs 0 %.", "「" + zh + "」的權重是 0%。"},
         .fix_label = {"Remove “" + en + "”", "刪除「" + zh + "」"},
         .fix_command = {"Remove \"" + en + "\"", "刪除「" + zh + "」"},
         .criterion_id = row.id});
  } else if (row.weight.in_hundredths() > weight_large && rubric_.criteria.size() > 1) {
    add({.code = "weight_over_50",
         .message = {"“" + en + "” alone weighs " + to_string(row.weight) + " %.",
                     "「" + zh + "」一項就佔 " + to_string(row.weight) + "%。"},
         .fix_label = {"Set to 40 %", "改成 40%"},
         .fix_command = {"Set \"" + en + "\" to 40%", "把「" + zh + "」改成 40%"},
         .criterion_id = row.id});
  }
  const bool lacks_en = shows_en() && row.name.en.empty();
  const bool lacks_zh = shows_zh() && row.name.zh_tw.empty();
  if (lacks_en || lacks_zh) {
    add({.code = "missing_language",
         .message = {"“" + en + "” has no " + (lacks_en ? "English" : "Chinese") + " text.",
                     "「" + zh + "」沒有" + (lacks_en ? "英文" : "中文") + "文字。"},
         .criterion_id = row.id});
  }
  for (std::size_t i = 0; i < row.cells.size(); ++i) cell(row, i);
}

void Checker::cell(const Criterion& row, std::size_t index) {
  const auto& cell = row.cells[index];
  if (index > 0 && cell.points >= row.cells[index - 1].points && row.points > Amount()) {
    add_at(row, index, "points_not_falling", "not fewer points than the level above.",
           "分數沒有低於上一級。");
  }
  if (cell.descriptor.empty()) {
    add_at(row, index, "empty_descriptor", "no description yet.", "還沒有描述。");
    return;
  }
  if (cell.origin == CellOrigin::between) {
    add_at(row, index, "between_wording",
           "put together from its neighbours; it needs your wording.",
           "由上下兩級拼成，需要您潤飾。");
  }
  for (std::size_t j = 0; j < index; ++j) {
    if (row.cells[j].descriptor != cell.descriptor) continue;
    add_at(row, index, "duplicate_descriptor", "the same text as another level.",
           "和另一級的描述相同。");
    break;
  }
  wording(row, index);
}

void Checker::wording(const Criterion& row, std::size_t index) {
  const auto& cell = row.cells[index];
  std::string word;
  if (shows_en())
    word = vague_in(lower(cell.descriptor.en), rules_.vague_en, rules_.exact_terms, true);
  if (shows_zh() && word.empty()) {
    word = vague_in(cell.descriptor.zh_tw, rules_.vague_zh, rules_.exact_terms, false);
  }
  if (!word.empty()) {
    add_at(row, index, "vague_word", "“" + word + "” does not say what can be seen.",
           "「" + word + "」不夠具體，請寫看得到的行為。");
  }
  const auto en = words(cell.descriptor.en);
  const auto zh = characters(cell.descriptor.zh_tw);
  const bool measured = cell.origin != CellOrigin::between;
  if (measured && shows_en() && rules_.words_en_max > 0 && en > rules_.words_en_max) {
    const auto counts = std::to_string(en) + " / " + std::to_string(rules_.words_en_max);
    add_at(row, index, "too_long_for_grade", "long for this grade (" + counts + " words).",
           "英文對這個年級偏長（" + counts + " 字）。");
  } else if (measured && shows_zh() && rules_.characters_zh_max > 0 &&
             zh > rules_.characters_zh_max) {
    const auto counts = std::to_string(zh) + " / " + std::to_string(rules_.characters_zh_max);
    add_at(row, index, "too_long_for_grade",
           "Chinese text long for this grade (" + counts + " characters).",
           "對這個年級偏長（" + counts + " 字）。");
  }
  const bool lacks_en = shows_en() && cell.descriptor.en.empty();
  const bool lacks_zh = shows_zh() && cell.descriptor.zh_tw.empty();
  if (lacks_en || lacks_zh) {
    add_at(row, index, "missing_language",
           std::string("no ") + (lacks_en ? "English" : "Chinese") + " text.",
           std::string("沒有") + (lacks_en ? "英文" : "中文") + "文字。");
  }
}

}  // namespace

std::vector<RubricFinding> validate(const Rubric& rubric, const RubricCheckRules& rules) {
  return Checker(rubric, rules).run();
}

}  // namespace rubricon::domain
