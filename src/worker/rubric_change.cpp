#include <rubricon/worker/rubric_change.hpp>

#include <rubricon/domain/rubric_consent.hpp>

#include <fmt/format.h>

namespace rubricon::worker {
namespace {

std::string kept_note(domain::Locale locale) {
  return locale == domain::Locale::en
             ? "\n\nI left in place what is locked. Unlock it in the table if it is to change."
             : "\n\n已鎖定的內容維持不變；若要更動，請先在表格中解除鎖定。";
}

std::string proposal_note(std::size_t typed, domain::Locale locale) {
  if (locale == domain::Locale::en) {
    return typed == 0 ? "\n\nThis is a proposal: the table changes once you accept it there."
                      : fmt::format(
                            "\n\nThis is a proposal, since it touches {} of your own words: "
                            "the table changes once you accept it there.",
                            typed == 1 ? "a cell" : fmt::format("{} cells", typed));
  }
  return typed == 0
             ? "\n\n這是建議，請在評分表上確認後才會更動。"
             : fmt::format("\n\n這是建議：其中 {} 格是您自己寫的，請在評分表上確認後才會更動。",
                           typed);
}

}  // namespace

RubricChange allowed_change(const RubricBefore& before, const std::optional<std::string>& written,
                            domain::Locale locale) {
  if (!written || !before.rubric) return {.rubric = written, .proposal = {}, .note = {}};
  const auto old = domain::parse_rubric(*before.rubric);
  const auto wanted = domain::parse_rubric(*written);
  if (!old || !wanted) return {.rubric = written, .proposal = {}, .note = {}};
  const auto [rubric, kept] = domain::keep_locked(*old, *wanted);
  RubricChange out;
  if (kept > 0) out.note = kept_note(locale);
  if (rubric == *old) return out;
  auto document = kept > 0 ? domain::to_json(rubric) : *written;
  const auto typed = domain::typed_cells_changed(*old, rubric);
  if (typed == 0 && !domain::wants_proposals(before.context)) {
    out.rubric = std::move(document);
    return out;
  }
  out.proposal = fmt::format(R"({{"version":{},"typed":{},"rubric":{}}})", before.version.value(),
                             typed, document);
  out.note += proposal_note(typed, locale);
  return out;
}

}  // namespace rubricon::worker
