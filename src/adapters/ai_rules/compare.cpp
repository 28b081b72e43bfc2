#include <rubricon/ai_rules/compare.hpp>

#include <rubricon/ai_rules/wording.hpp>

#include <fmt/format.h>

namespace rubricon::ai_rules {
namespace {

using domain::Criterion;
using domain::Locale;
using domain::Rubric;

class Comparer {
 public:
  Comparer(const Rubric& before, const Rubric& after, Locale locale)
      : before_(before), after_(after), locale_(locale) {}

  std::vector<std::string> run() {
    document();
    for (const auto& row : before_.criteria) {
      if (after_.find(row.id) == nullptr) {
        line(fmt::format("removed {}", name(row)), fmt::format("刪除{}", name(row)));
      }
    }
    for (const auto& row : after_.criteria) {
      if (const auto* old = before_.find(row.id); old == nullptr) {
        line(fmt::format("added {} ({} %)", name(row), to_string(row.weight)),
             fmt::format("新增{}（{}%）", name(row), to_string(row.weight)));
      } else {
        row_changes(*old, row);
      }
    }
    if (lines_.empty() && order_of(before_) != order_of(after_)) {
      line("another order of criteria", "規準的順序不同");
    }
    return std::move(lines_);
  }

 private:
  void line(std::string en, std::string zh) {
    lines_.push_back(locale_ == Locale::en ? std::move(en) : std::move(zh));
  }
  std::string name(const Criterion& row) const { return quoted(row.name.in(locale_), locale_); }

  static std::vector<std::string> order_of(const Rubric& rubric) {
    std::vector<std::string> out;
    for (const auto& row : rubric.criteria) out.push_back(row.id);
    return out;
  }

  void document() {
    if (before_.title != after_.title) {
      const auto title = quoted(after_.title.in(locale_), locale_);
      line("title: " + title, "標題：" + title);
    }
    if (before_.total != after_.total) {
      line(fmt::format("total {} → {}", to_string(before_.total), to_string(after_.total)),
           fmt::format("總分 {} → {}", to_string(before_.total), to_string(after_.total)));
    }
    if (before_.language != after_.language) line("the language shown", "顯示的語言");
    if (before_.levels.size() != after_.levels.size()) {
      line(fmt::format("levels {} → {}", before_.levels.size(), after_.levels.size()),
           fmt::format("等級 {} → {}", before_.levels.size(), after_.levels.size()));
      return;
    }
    for (std::size_t i = 0; i < after_.levels.size(); ++i) {
      const auto& old = before_.levels[i].name.in(locale_);
      const auto& now = after_.levels[i].name.in(locale_);
      if (old != now) {
        line(fmt::format("level {} → {}", quoted(old, locale_), quoted(now, locale_)),
             fmt::format("等級{} → {}", quoted(old, locale_), quoted(now, locale_)));
      }
    }
  }

  void row_changes(const Criterion& old, const Criterion& now) {
    if (old.name != now.name) {
      line(fmt::format("{} is called {}", name(old), name(now)),
           fmt::format("{}改名為{}", name(old), name(now)));
    }
    if (old.weight != now.weight) {
      line(fmt::format("{}: {} % → {} %", name(now), to_string(old.weight), to_string(now.weight)),
           fmt::format("{}：{}% → {}%", name(now), to_string(old.weight), to_string(now.weight)));
    }
    std::size_t cells = 0;
    for (const auto& cell : now.cells) {
      for (const auto& other : old.cells) {
        if (other.level_id == cell.level_id && other.descriptor != cell.descriptor) ++cells;
      }
    }
    if (cells > 0) {
      line(fmt::format("{}: {} changed", name(now), count_en(cells, "description", "descriptions")),
           fmt::format("{}：{} 格描述不同", name(now), cells));
    }
  }

  const Rubric& before_;
  const Rubric& after_;
  Locale locale_;
  std::vector<std::string> lines_;
};

}  // namespace

std::vector<std::string> compare(const Rubric& before, const Rubric& after, Locale locale,
                                 std::size_t lines_max) {
  auto lines = Comparer(before, after, locale).run();
  if (lines.size() > lines_max && lines_max > 0) {
    const auto more = lines.size() - lines_max + 1;
    lines.resize(lines_max - 1);
    lines.push_back(locale == Locale::en ? fmt::format("and {} more", more)
                                         : fmt::format("另有 {} 處", more));
  }
  return lines;
}

}  // namespace rubricon::ai_rules
