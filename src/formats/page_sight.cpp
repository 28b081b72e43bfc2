#include <rubricon/formats/page_sight.hpp>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

constexpr std::array<std::string_view, 16> without_end = {
    "br",   "img",  "col",    "meta",  "link",  "input", "hr",   "wbr",
    "area", "base", "source", "track", "embed", "param", "frame"};
constexpr std::array<std::string_view, 12> blocks = {
    "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre", "section", "form"};
constexpr std::array<std::string_view, 3> sections = {"tbody", "thead", "tfoot"};

template <std::size_t count>
bool is_one_of(std::string_view name, const std::array<std::string_view, count>& names) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

PageSight::Kind PageSight::kind_of(std::string_view name) {
  if (name == "table") return Kind::table;
  if (name == "tr") return Kind::row;
  if (name == "td" || name == "th" || name == "caption") return Kind::cell;
  if (name == "ul" || name == "ol") return Kind::list;
  if (name == "li") return Kind::item;
  if (name == "p") return Kind::paragraph;
  if (is_one_of(name, sections)) return Kind::section;
  return is_one_of(name, blocks) ? Kind::block : Kind::other;
}

/// Nothing outside the cell, the row or the table that is open is reached by what stands in it.
bool PageSight::is_wall_for(Kind open, Kind inner) {
  if (inner == Kind::table) return false;
  if (inner == Kind::section) return open == Kind::table;
  if (inner == Kind::row) return open <= Kind::section;
  return open <= (inner == Kind::cell ? Kind::row : Kind::cell);
}

std::size_t PageSight::innermost(std::string_view name) const {
  const auto kind = kind_of(name);
  for (auto size = open_.size(); size > 0; --size) {
    const auto& open = open_[size - 1];
    if (open.name == name) return size;
    if (is_wall_for(open.kind, kind)) break;
  }
  return 0;
}

void PageSight::make_way_for(Kind kind) {
  if (kind == Kind::other) return;
  if (kind == Kind::section || kind == Kind::row || kind == Kind::cell) {
    while (!open_.empty() && !is_wall_for(open_.back().kind, kind)) open_.pop_back();
    return;
  }
  const bool item = kind == Kind::item;
  for (auto size = open_.size(); size > 0; --size) {
    const auto open = open_[size - 1].kind;
    if (open <= Kind::cell || (item && open == Kind::list)) return;
    if (open == Kind::paragraph || (item && open == Kind::item)) return close_to(size - 1);
  }
}

void PageSight::start(std::string_view name, const Attributes& attributes) {
  if (is_one_of(name, without_end)) return;
  const auto kind = kind_of(name);
  make_way_for(kind);
  auto look = look_of(name, attributes, this->look());
  if (open_.size() == page_depth_max) {
    open_.back().look = look;
  } else {
    open_.push_back({std::string(name), kind, look});
  }
}

bool PageSight::end(std::string_view name) {
  const auto size = innermost(name);
  const bool there = !(size > 0 ? open_[size - 1].look : look()).absent;
  if (size > 0) close_to(size - 1);
  return there;
}

}  // namespace rubricon::formats
