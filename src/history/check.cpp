#include <rubricon/history/check.hpp>

#include <rubricon/history/rules.hpp>

namespace rubricon::history {

std::vector<Violation> check(const History& history) {
  constexpr Finding (*rules[])(const History&) = {answered_is_stored,
                                                  no_key_twice,
                                                  no_gap_in_seqs,
                                                  subscribers_applied_the_log,
                                                  sockets_heard_without_holes,
                                                  same_content_for_all,
                                                  same_content_of_what_was_lost,
                                                  real_time_order,
                                                  nothing_after_removal,
                                                  nothing_after_revocation,
                                                  every_question_is_asked,
                                                  one_answer_each,
                                                  no_mixed_answers,
                                                  queues_are_empty,
                                                  level_again_soon};
  std::vector<Violation> found;
  for (const auto rule : rules) {
    auto finding = rule(history);
    if (!finding) continue;
    if (!found.empty() && found.back().rule == finding->rule) continue;
    found.push_back(std::move(*finding));
  }
  return found;
}

}  // namespace rubricon::history
