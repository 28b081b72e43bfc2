#include <rubricon/formats/assemble.hpp>

#include <rubricon/domain/apportion.hpp>
#include <rubricon/domain/text.hpp>
#include <rubricon/formats/hidden_text.hpp>
#include <rubricon/formats/language.hpp>
#include <rubricon/formats/plain_text.hpp>
#include <rubricon/formats/stored.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::formats {
namespace {

using domain::Amount;
using domain::LocalText;
using domain::Rubric;
using domain::RubricLanguage;

LocalText in_one_language(const std::string& text) {
  if (has_chinese(text)) return {.en = {}, .zh_tw = text};
  return {.en = text, .zh_tw = {}};
}

/// At the first place that has Chinese before it and none behind.
std::optional<LocalText> split_at(const std::string& text, std::string_view between) {
  for (auto at = text.find(between); at != std::string::npos;
       at = text.find(between, at + between.size())) {
    const auto before = trimmed(std::string_view(text).substr(0, at));
    const auto behind = trimmed(std::string_view(text).substr(at + between.size()));
    if (has_chinese(behind)) continue;
    if (behind.empty() || !has_chinese(before)) return std::nullopt;
    return LocalText{.en = std::string(behind), .zh_tw = std::string(before)};
  }
  return std::nullopt;
}

bool is_bilingual(const LocalText& text) {
  return !text.en.empty() && !text.zh_tw.empty();
}

/// Which language a table is in, out of its names; without names out of all it has.
RubricLanguage language_of(const ReadTable& table) {
  std::size_t chinese = 0;
  std::size_t both = 0;
  std::size_t all = 0;
  const auto look = [&](const std::string& text, const LocalText& parts) {
    if (text.empty()) return;
    ++all;
    chinese += has_chinese(text) ? 1u : 0u;
    both += is_bilingual(parts) ? 1u : 0u;
  };
  for (const auto& level : table.levels) look(level.name, split_name(level.name));
  for (const auto& row : table.criteria) {
    look(row.name, split_name(row.name));
    for (const auto& cell : row.cells) look(cell.text, split_text(cell.text));
  }
  if (both * 2 > all) return RubricLanguage::bilingual;
  return chinese * 2 >= all && chinese > 0 ? RubricLanguage::zh_tw : RubricLanguage::en;
}

class Assembly {
 public:
  Assembly(ReadTable table, Notes notes) : table_(std::move(table)), notes_(std::move(notes)) {}

  Preview run() &&;

 private:
  void clean();
  void clean(std::string& text, const Place& place, std::size_t characters_max);
  void check_size();
  void order_levels();
  void weigh();
  void weigh_by_points(const std::vector<Amount>& points);
  bool weigh_by_column();
  void build();
  LocalText local(const std::string& whole, const LocalText& parts) const;
  LocalText text(const std::string& cell) const { return local(cell, split_text(cell)); }
  LocalText name(const std::string& cell) const;
  void compare_points();

  ReadTable table_;
  Notes notes_;
  RubricLanguage language_ = RubricLanguage::zh_tw;
  Rubric rubric_;
  HiddenReport hidden_;
};

void Assembly::clean(std::string& text, const Place& place, std::size_t characters_max) {
  auto seen = visible(text);
  text = std::move(seen.text);
  hidden_.add(Hiding::invisible_characters, place, seen.hidden);
  const auto length = domain::utf16_length(text);
  if (length <= characters_max) return;
  notes_.error(place, "too_long",
               {.en = fmt::format("This text has {} characters; at most {} fit: \"{}\"", length,
                                  characters_max, shortened(one_line(text))),
                .zh_tw = fmt::format("這段文字有 {} 個字元，最多 {} 個：「{}」", length,
                                     characters_max, shortened(one_line(text)))});
}

void Assembly::clean() {
  // Both languages, and what stands between them, fit where one may be as long as it likes.
  constexpr std::size_t name_max = domain::rubric_name_characters_max;
  constexpr std::size_t text_max = domain::rubric_descriptor_characters_max;
  clean(table_.title, {}, 2 * name_max + 3);
  for (auto& level : table_.levels) clean(level.name, level.place, 2 * name_max + 3);
  for (auto& row : table_.criteria) {
    clean(row.name, row.place, 2 * name_max + 3);
    clean(row.focus, row.place, 2 * text_max + 3);
    for (auto& cell : row.cells) clean(cell.text, cell.place, 2 * text_max + 3);
  }
  hidden_.tell(notes_);
}

void Assembly::check_size() {
  const auto levels = table_.levels.size();
  const auto rows = table_.criteria.size();
  if (levels < domain::rubric_levels_min) {
    notes_.error({}, "too_few_levels",
                 {.en = fmt::format("A rubric needs at least 2 levels; this has {}.", levels),
                  .zh_tw = fmt::format("評分表至少要有 2 個等級，這裡有 {} 個。", levels)});
  }
  if (levels > domain::rubric_levels_max) {
    notes_.error(table_.levels[domain::rubric_levels_max].place, "too_many_levels",
                 {.en = fmt::format("A rubric has at most 10 levels; this has {}.", levels),
                  .zh_tw = fmt::format("評分表最多 10 個等級，這裡有 {} 個。", levels)});
  }
  if (rows == 0) {
    notes_.error({}, "no_criteria",
                 {.en = "There is no criterion below the heading row.",
                  .zh_tw = "標題列下面沒有任何評分項目。"});
  }
  if (rows > domain::rubric_criteria_max) {
    notes_.error(table_.criteria[domain::rubric_criteria_max].place, "too_many_criteria",
                 {.en = fmt::format("A rubric has at most 50 criteria; this has {}.", rows),
                  .zh_tw = fmt::format("評分表最多 50 個評分項目，這裡有 {} 個。", rows)});
  }
}

/// Best first is ours; many tables have the weakest level first.
void Assembly::order_levels() {
  const auto rises = [](const auto& list) {
    if (!std::ranges::all_of(list, [](const auto& each) { return each.points.has_value(); })) {
      return false;
    }
    return std::ranges::is_sorted(list, {}, [](const auto& each) { return *each.points; }) &&
           *list.front().points < *list.back().points;
  };
  const bool rising = rises(table_.levels) || (!table_.criteria.front().cells.empty() &&
                                               rises(table_.criteria.front().cells));
  if (!rising) return;
  std::ranges::reverse(table_.levels);
  for (auto& row : table_.criteria) std::ranges::reverse(row.cells);
  notes_.warn({}, "levels_reversed",
              {.en = "The levels stood weakest first; they are best first now.",
               .zh_tw = "等級原本由低到高排列，已改為由高到低。"});
}

bool Assembly::weigh_by_column() {
  const auto weighed = std::ranges::count_if(
      table_.criteria, [](const ReadCriterion& row) { return row.weight.has_value(); });
  if (weighed == 0) return false;
  std::int64_t sum = 0;
  for (const auto& row : table_.criteria) {
    if (!row.weight) {
      notes_.error(row.place, "weight_missing",
                   {.en = fmt::format("\"{}\" has no weight, but other criteria have.",
                                      shortened(one_line(row.name))),
                    .zh_tw = fmt::format("「{}」沒有權重，其他評分項目卻有。",
                                         shortened(one_line(row.name)))});
      return true;
    }
    sum += row.weight->in_hundredths();
  }
  // Excel keeps 30 % as 0.3.
  if (sum >= 99 && sum <= 101 && table_.criteria.size() > 1) {
    for (auto& row : table_.criteria) {
      row.weight = Amount::hundredths(row.weight->in_hundredths() * 100);
    }
    sum *= 100;
  }
  if (sum != 10'000) {
    const auto is = to_string(Amount::hundredths(sum));
    notes_.warn({}, "weights_not_100",
                {.en = fmt::format("The weights sum to {} %, not to 100 %.", is),
                 .zh_tw = fmt::format("權重合計 {}%，不是 100%。", is)});
  }
  for (std::size_t i = 0; i < table_.criteria.size(); ++i) {
    rubric_.criteria[i].weight = *table_.criteria[i].weight;
  }
  std::int64_t points = 0;
  for (const auto& row : table_.criteria) {
    if (!row.points) points = -1;
    if (!row.points) break;
    points += row.points->in_hundredths();
  }
  if (table_.total) {
    rubric_.total = *table_.total;
  } else if (points > 0 && sum > 0) {
    rubric_.total = Amount::hundredths((points * 10'000 + sum / 2) / sum);
  }
  return true;
}

void Assembly::weigh_by_points(const std::vector<Amount>& points) {
  std::vector<std::int64_t> shares;
  std::int64_t sum = 0;
  for (const auto& each : points) {
    shares.push_back(each.in_hundredths());
    sum += shares.back();
  }
  rubric_.total = Amount::hundredths(sum);
  const auto weights = domain::apportion(10'000, shares, 1);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    rubric_.criteria[i].weight = Amount::hundredths(weights[i]);
  }
}

void Assembly::weigh() {
  rubric_.total = Amount::whole(100);
  if (weigh_by_column()) return;
  std::vector<Amount> points;
  Amount sum;
  for (const auto& row : table_.criteria) {
    auto own = row.points;
    for (std::size_t i = 0; !own && i < row.cells.size(); ++i) own = row.cells[i].points;
    if (!own && table_.levels.front().points) own = table_.levels.front().points;
    if (!own) continue;
    points.push_back(*own);
    sum = sum + *own;
  }
  if (points.size() == table_.criteria.size() && sum > Amount()) return weigh_by_points(points);
  if (!points.empty() && sum > Amount()) {
    notes_.warn({}, "points_incomplete",
                {.en = "Only some criteria have points; all weigh the same now.",
                 .zh_tw = "只有部分評分項目有分數，現在各項權重相同。"});
  } else {
    notes_.warn({}, "weights_assumed",
                {.en = "The table has neither weights nor points: all criteria weigh the same, and "
                       "the total is 100.",
                 .zh_tw = "表格沒有權重也沒有分數：各項權重相同，總分 100 分。"});
  }
  weigh_by_points(std::vector<Amount>(table_.criteria.size(), Amount::whole(1)));
  rubric_.total = Amount::whole(100);
}

LocalText Assembly::local(const std::string& whole, const LocalText& parts) const {
  if (language_ == RubricLanguage::en) return {.en = whole, .zh_tw = {}};
  if (language_ == RubricLanguage::zh_tw) return {.en = {}, .zh_tw = whole};
  return parts;
}

LocalText Assembly::name(const std::string& cell) const {
  const auto parts = split_name(cell);
  return local(one_line(cell), {.en = one_line(parts.en), .zh_tw = one_line(parts.zh_tw)});
}

void Assembly::build() {
  language_ = language_of(table_);
  rubric_.language = language_;
  if (table_.title.empty()) {
    notes_.warn({}, "title_missing",
                {.en = "The file has no title; one was put in its place.",
                 .zh_tw = "檔案沒有標題，已代入一個標題。"});
    rubric_.title = {.en = "Imported rubric", .zh_tw = "匯入的評分表"};
    if (language_ == RubricLanguage::en) rubric_.title.zh_tw.clear();
    if (language_ == RubricLanguage::zh_tw) rubric_.title.en.clear();
  } else {
    rubric_.title = name(table_.title);
  }
  for (std::size_t i = 0; i < table_.levels.size(); ++i) {
    rubric_.levels.push_back({"l" + std::to_string(i + 1), name(table_.levels[i].name)});
  }
  for (std::size_t i = 0; i < table_.criteria.size(); ++i) {
    const auto& row = table_.criteria[i];
    domain::Criterion out;
    out.id = "c" + std::to_string(i + 1);
    out.name = name(row.name);
    out.focus = text(row.focus);
    for (std::size_t k = 0; k < row.cells.size(); ++k) {
      out.cells.push_back({.level_id = rubric_.levels[k].id,
                           .points = {},
                           .descriptor = text(row.cells[k].text),
                           .origin = domain::CellOrigin::teacher});
    }
    rubric_.criteria.push_back(std::move(out));
  }
}

/// Points follow from weights and total; where the file had others, the teacher is told.
void Assembly::compare_points() {
  for (std::size_t i = 0; i < table_.criteria.size(); ++i) {
    const auto& read = table_.criteria[i];
    const auto& now = rubric_.criteria[i];
    std::string before;
    std::string after;
    bool other = read.points && *read.points != now.points;
    for (std::size_t k = 0; k < read.cells.size(); ++k) {
      const auto points = read.cells[k].points ? read.cells[k].points : table_.levels[k].points;
      if (!points) continue;
      other = other || *points != now.cells[k].points;
      before += (before.empty() ? "" : ", ") + to_string(*points);
      after += (after.empty() ? "" : ", ") + to_string(now.cells[k].points);
    }
    if (!other) continue;
    if (before.empty()) {
      before = to_string(*read.points);
      after = to_string(now.points);
    }
    const auto name = shortened(one_line(read.name));
    notes_.warn(read.place, "points_recomputed",
                {.en = fmt::format("Points of \"{}\" were {} in the file; out of its weight they "
                                   "are {}.",
                                   name, before, after),
                 .zh_tw = fmt::format("「{}」在檔案中的分數是 {}，依權重計算為 {}。", name, before,
                                      after)});
  }
}

Preview Assembly::run() && {
  clean();
  check_size();
  if (notes_.failed()) return {std::nullopt, notes_.list()};
  order_levels();
  build();
  weigh();
  if (notes_.failed()) return {std::nullopt, notes_.list()};
  rubric_ = domain::recompute_points(std::move(rubric_));
  compare_points();
  return stored(rubric_, std::move(notes_));
}

}  // namespace

LocalText split_text(const std::string& text) {
  return split_at(text, "\n").value_or(in_one_language(text));
}

LocalText split_name(const std::string& name) {
  if (auto parts = split_at(name, "\n")) return *parts;
  return split_at(name, name_between).value_or(in_one_language(name));
}

Preview assemble(ReadTable table, Notes notes) {
  return Assembly(std::move(table), std::move(notes)).run();
}

}  // namespace rubricon::formats
