#include <rubricon/ai_http/rubric_turn.hpp>

#include <rubricon/ai_http/plain_text.hpp>
#include <rubricon/domain/apportion.hpp>
#include <rubricon/domain/put_back.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::ai_http {
namespace {

using domain::Amount;
using domain::CellOrigin;
using domain::Criterion;
using domain::LocalText;
using domain::put_back;
using domain::Rubric;
using domain::RubricCell;
using domain::RubricLanguage;
using domain::RubricLevel;

std::unexpected<base::Error> invalid(std::string why) {
  return base::fail(base::ErrorCode::invalid, std::move(why), "ai_rubric_invalid");
}

class Merge {
 public:
  Merge(const std::optional<Rubric>& current, const ModelRubric& written, domain::Locale locale,
        const IdSource& new_id)
      : before_(current ? *current : Rubric{.total = Amount::whole(100)}),
        written_(written),
        locale_(locale),
        new_id_(new_id),
        translated_(current && current->language != written.language) {}

  base::Result<RubricTurn> run();

 private:
  std::string fresh_id();
  /// The known level or criterion that the model means; null for a new one.
  template <typename Item>
  static const Item* known(const std::vector<Item>& items, const std::string& id) {
    const auto found = std::ranges::find(items, id, &Item::id);
    return found == items.end() ? nullptr : &*found;
  }
  LocalText text(const std::string& written, const LocalText& before, Lines lines) const;
  base::Result<void> take_levels();
  base::Result<void> check_levels(const ModelCriterion& row, std::size_t index) const;
  base::Result<void> take_criteria();
  Criterion take(const ModelCriterion& row, const Criterion* before);
  RubricCell take_cell(const ModelLevel* written, const RubricLevel& level,
                       const Criterion* before);
  void take_weights();
  bool level_is_theirs(const RubricLevel& level) const;
  static const RubricCell* cell_of(const Criterion& row, const std::string& level_id);

  const Rubric before_;
  const ModelRubric& written_;
  const domain::Locale locale_;
  const IdSource& new_id_;
  const bool translated_;
  std::set<std::string> ids_;
  std::vector<std::string> level_ids_;  ///< by the model's index
  RubricTurn out_;
};

std::string Merge::fresh_id() {
  for (;;) {
    auto id = new_id_();
    if (ids_.insert(id).second) return id;
  }
}

LocalText Merge::text(const std::string& written, const LocalText& before, Lines lines) const {
  if (!before.empty() && written == tidied(shown(before, before_.language, locale_), lines)) {
    return before;
  }
  LocalText out;
  if (translated_) out = before;
  const bool english = written_.language == RubricLanguage::en ||
                       (written_.language == RubricLanguage::bilingual && !has_han(written));
  (english ? out.en : out.zh_tw) = written;
  return out;
}

bool Merge::level_is_theirs(const RubricLevel& level) const {
  return std::ranges::any_of(before_.criteria, [&](const Criterion& row) {
    const auto* cell = cell_of(row, level.id);
    return cell != nullptr && is_theirs(*cell);
  });
}

const RubricCell* Merge::cell_of(const Criterion& row, const std::string& level_id) {
  const auto found = std::ranges::find(row.cells, level_id, &RubricCell::level_id);
  return found == row.cells.end() ? nullptr : &*found;
}

base::Result<void> Merge::take_levels() {
  std::set<std::string> used;
  for (const auto& level : written_.criteria.front().levels) {
    const auto* before = known(before_.levels, level.id);
    if (before != nullptr && !used.insert(level.id).second) {
      return invalid("criteria[0].levels names the same id twice");
    }
    level_ids_.push_back(before != nullptr ? before->id : fresh_id());
    out_.rubric.levels.push_back(
        {level_ids_.back(),
         text(level.name, before != nullptr ? before->name : LocalText(), Lines::one)});
  }
  std::set<std::string> left_out;
  for (const auto& level : before_.levels) {
    if (!used.contains(level.id) && level_is_theirs(level)) left_out.insert(level.id);
  }
  out_.kept |= !left_out.empty();
  put_back(out_.rubric.levels, before_.levels, left_out);
  return {};
}

base::Result<void> Merge::check_levels(const ModelCriterion& row, std::size_t index) const {
  for (std::size_t i = 0; i < row.levels.size(); ++i) {
    const auto* before = known(before_.levels, row.levels[i].id);
    const bool first_is_known = known(before_.levels, level_ids_[i]) != nullptr;
    if (before != nullptr ? before->id != level_ids_[i] : first_is_known) {
      return invalid("criteria[" + std::to_string(index) +
                     "].levels must be the same levels as in criteria[0], in the same order");
    }
  }
  return {};
}

base::Result<void> Merge::take_criteria() {
  std::set<std::string> used;
  for (std::size_t i = 0; i < written_.criteria.size(); ++i) {
    const auto& row = written_.criteria[i];
    if (const auto same = check_levels(row, i); !same) return std::unexpected(same.error());
    const auto* before = known(before_.criteria, row.id);
    if (before != nullptr && !used.insert(row.id).second) {
      return invalid("criteria[" + std::to_string(i) + "].id is used by another criterion");
    }
    out_.rubric.criteria.push_back(take(row, before));
  }
  std::set<std::string> left_out;
  for (const auto& row : before_.criteria) {
    const bool theirs = row.locked || std::ranges::any_of(row.cells, is_theirs);
    if (theirs && !used.contains(row.id)) left_out.insert(row.id);
  }
  out_.kept |= !left_out.empty();
  put_back(out_.rubric.criteria, before_.criteria, left_out);
  for (auto& row : out_.rubric.criteria) {
    if (!left_out.contains(row.id)) continue;
    const auto whole = row;
    row.cells.clear();
    for (const auto& level : out_.rubric.levels) {
      row.cells.push_back(take_cell(nullptr, level, &whole));
    }
  }
  return {};
}

Criterion Merge::take(const ModelCriterion& row, const Criterion* before) {
  Criterion out = before != nullptr ? *before : Criterion{.id = fresh_id()};
  const bool locked = out.locked;
  auto name = text(row.name, out.name, Lines::one);
  auto focus = row.focus.empty() ? LocalText() : text(row.focus, out.focus, Lines::several);
  if (locked) {
    out_.kept |= name != out.name || focus != out.focus;
  } else {
    out.name = std::move(name);
    out.focus = std::move(focus);
    out.weight = Amount::hundredths(std::llround(row.weight * 100));
  }
  out.cells.clear();
  for (const auto& level : out_.rubric.levels) {
    const auto found = std::ranges::find(level_ids_, level.id);
    const auto index = static_cast<std::size_t>(found - level_ids_.begin());
    out.cells.push_back(
        take_cell(found == level_ids_.end() ? nullptr : &row.levels[index], level, before));
  }
  return out;
}

RubricCell Merge::take_cell(const ModelLevel* written, const RubricLevel& level,
                            const Criterion* before) {
  const auto* cell = before != nullptr ? cell_of(*before, level.id) : nullptr;
  RubricCell out =
      cell != nullptr ? *cell : RubricCell{.level_id = level.id, .origin = CellOrigin::model};
  if (written == nullptr) return out;
  auto descriptor = written->descriptor.empty()
                        ? LocalText()
                        : text(written->descriptor, out.descriptor, Lines::several);
  if (descriptor == out.descriptor) return out;
  if (out.locked || (cell != nullptr && before->locked)) {
    out_.kept = true;
    return out;
  }
  out.descriptor = std::move(descriptor);
  out.origin = CellOrigin::model;
  return out;
}

void Merge::take_weights() {
  auto& criteria = out_.rubric.criteria;
  std::int64_t left = Amount::whole(100).in_hundredths();
  std::vector<std::int64_t> shares;
  for (const auto& row : criteria) {
    if (row.locked) {
      left -= row.weight.in_hundredths();
    } else {
      shares.push_back(row.weight.in_hundredths());
    }
  }
  left = std::max<std::int64_t>(left, 0);
  const auto parts = domain::apportion(left, shares, left % 100 == 0 ? 100 : 1);
  auto part = parts.begin();
  for (auto& row : criteria) {
    if (!row.locked) row.weight = Amount::hundredths(*part++);
  }
}

base::Result<RubricTurn> Merge::run() {
  for (const auto& level : before_.levels) ids_.insert(level.id);
  for (const auto& row : before_.criteria) ids_.insert(row.id);
  auto& rubric = out_.rubric;
  rubric = before_;
  rubric.levels.clear();
  rubric.criteria.clear();
  rubric.title = text(written_.title, before_.title, Lines::one);
  rubric.language = written_.language;
  rubric.kind = written_.kind;
  if (const auto taken = take_levels(); !taken) return std::unexpected(taken.error());
  if (const auto taken = take_criteria(); !taken) return std::unexpected(taken.error());
  take_weights();
  auto checked = domain::parse_rubric(domain::to_json(rubric));
  if (!checked) {
    const auto& fields = checked.error().fields;
    return invalid(fields.empty() ? checked.error().detail
                                  : fields.front().field + " " + fields.front().message);
  }
  rubric = std::move(*checked);
  return std::move(out_);
}

}  // namespace

base::Result<RubricTurn> apply_model_rubric(const std::optional<Rubric>& current,
                                            const ModelRubric& written, domain::Locale locale,
                                            const IdSource& new_id) {
  return Merge(current, written, locale, new_id).run();
}

}  // namespace rubricon::ai_http
