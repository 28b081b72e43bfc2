#include <rubricon/base/failpoint.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/fault.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <poll.h>
#include <atomic>
#include <charconv>
#include <csignal>
#include <expected>
#include <vector>

#ifdef RUBRICON_FAILPOINTS
namespace rubricon::base {
namespace {

enum class Action { none, kill, fail, pause };

constexpr int pause_max_ms = 600'000;
constexpr int pass_max = 1'000'000;

struct Order {
  std::size_t place = 0;
  Action action = Action::none;
  int pause_ms = 0;
  int pass = 1;
};

using Parsed = std::expected<std::vector<Order>, std::string>;

std::unexpected<std::string> mistake(std::string_view what) {
  std::vector<std::string_view> names;
  for (const auto& place : failpoint_places) names.push_back(place.name);
  return std::unexpected(
      fmt::format("{}: write <place>:kill, <place>:throw or <place>:pause=<ms>, each with @<n> for "
                  "the n-th pass, separated by commas; places are {}",
                  what, fmt::join(names, ", ")));
}

/// A whole number from 1 to `max`; 0 where it is something else.
int number(std::string_view text, int max) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= 1 && value <= max ? value : 0;
}

bool read_action(std::string_view text, Order& order) {
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    order.pass = number(text.substr(at + 1), pass_max);
    text = text.substr(0, at);
  }
  if (text == "kill") order.action = Action::kill;
  if (text == "throw") order.action = Action::fail;
  if (text.starts_with("pause=")) {
    order.action = Action::pause;
    order.pause_ms = number(text.substr(text.find('=') + 1), pause_max_ms);
    if (order.pause_ms == 0) return false;
  }
  return order.action != Action::none && order.pass > 0;
}

Parsed parse(std::string_view text) {
  std::vector<Order> orders;
  while (!text.empty()) {
    const auto item = text.substr(0, text.find(','));
    text.remove_prefix(item.size());
    if (!text.empty()) text.remove_prefix(1);
    const auto colon = item.find(':');
    if (colon == std::string_view::npos) return mistake(fmt::format("\"{}\" has no colon", item));
    const auto name = item.substr(0, colon);
    Order order;
    while (order.place < failpoint_places.size() && failpoint_places[order.place].name != name) {
      ++order.place;
    }
    if (order.place == failpoint_places.size()) {
      return mistake(fmt::format("there is no failpoint \"{}\"", name));
    }
    if (!read_action(item.substr(colon + 1), order)) {
      return mistake(fmt::format("\"{}\" is no action", item.substr(colon + 1)));
    }
    if (order.action == Action::fail && !failpoint_places[order.place].may_throw) {
      return mistake(fmt::format("nothing catches what is thrown at {}", name));
    }
    orders.push_back(order);
  }
  return orders;
}

struct Place {
  Action action = Action::none;
  int pause_ms = 0;
  std::atomic<int> passes_left = 0;
};

std::array<Place, failpoint_places.size()>& places() {
  static std::array<Place, failpoint_places.size()> all;
  return all;
}

}  // namespace

std::string failpoint_mistake(std::string_view text) {
  const auto orders = parse(text);
  return orders ? std::string() : orders.error();
}

void arm_failpoints(std::string_view text) {
  const auto orders = parse(text);
  RUBRICON_ASSERT(orders);
  for (auto& place : places()) place.passes_left = 0, place.action = Action::none;
  for (const auto& order : *orders) {
    auto& place = places().at(order.place);
    place.action = order.action;
    place.pause_ms = order.pause_ms;
    place.passes_left = order.pass;
  }
}

void failpoint(FailpointName name) {
  auto& place = places().at(name.index());
  if (place.action == Action::none || place.passes_left.fetch_sub(1) != 1) return;
  switch (place.action) {
    case Action::none: return;
    case Action::kill: std::raise(SIGKILL); return;
    case Action::fail:
      throw Unavailable(fmt::format("failpoint {}", failpoint_places.at(name.index()).name));
    case Action::pause: ::poll(nullptr, 0, place.pause_ms); return;
  }
}

}  // namespace rubricon::base
#endif
