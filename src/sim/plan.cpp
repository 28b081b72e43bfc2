#include <rubricon/sim/plan.hpp>

#include <algorithm>
#include <array>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, fault_kinds> names = {"api killed",
                                                        "gateway killed",
                                                        "worker killed",
                                                        "api stopped",
                                                        "gateway stopped",
                                                        "worker stopped",
                                                        "gateway connections lost",
                                                        "broker away",
                                                        "broker restarted",
                                                        "broker loses",
                                                        "broker repeats",
                                                        "broker delays",
                                                        "broker confirms not",
                                                        "store away",
                                                        "store connections lost",
                                                        "store slow",
                                                        "store flaky",
                                                        "assistant away",
                                                        "link cut",
                                                        "link broken",
                                                        "link slow",
                                                        "device killed",
                                                        "store restored"};

}  // namespace

const char* to_string(FaultKind kind) noexcept {
  return names.at(static_cast<std::size_t>(kind));
}

bool restores_store(const std::vector<Fault>& plan) {
  return std::ranges::find(plan, FaultKind::store_restored, &Fault::kind) != plan.end();
}

std::string to_text(const Fault& fault) {
  return fmt::format(
      "{:>7.3f} s to {:>7.3f} s  {} ({})", static_cast<double>(fault.from.count()) / 1000,
      static_cast<double>(fault.until.count()) / 1000, to_string(fault.kind), fault.target);
}

std::vector<Fault> draw_plan(Dice dice, At from, At until) {
  std::vector<Fault> plan;
  if (dice.below(7) == 0) return plan;
  const auto count = dice.between(1, 7);
  for (std::int64_t n = 0; n < count; ++n) {
    const auto begin = dice.between(from, until - At(500));
    const auto longest = dice.chance(0.3) ? At(8'000) : At(1'500);
    Fault fault{.kind = static_cast<FaultKind>(dice.below(fault_kinds)),
                .target = dice.below(64),
                .from = begin,
                .until = std::min(until, begin + dice.between(At(50), longest))};
    if (fault.kind == FaultKind::worker_stopped && dice.chance(0.5)) {
      fault.until = begin + dice.between(At(5'500), At(10'000));
    }
    // One past is enough.
    if (fault.kind != FaultKind::store_restored || !restores_store(plan)) plan.push_back(fault);
  }
  std::ranges::sort(plan, {}, &Fault::from);
  return plan;
}

}  // namespace rubricon::sim
