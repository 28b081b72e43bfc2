/// What of a page can be seen, element by element, also of pages that close none of them.
#pragma once

#include <rubricon/formats/look.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace rubricon::formats {

inline constexpr std::size_t page_depth_max = 64;

/// Of a page deeper than 64 elements the deepest that is known takes the look of those in it: a
/// long page takes no longer than its length.
class PageSight {
 public:
  void start(std::string_view name, const Attributes& attributes);
  /// Whether what ends here took room, as does what an end without a beginning stands in.
  bool end(std::string_view name);

  /// Of the place that is reached.
  const Look& look() const { return open_.empty() ? outside_ : open_.back().look; }
  /// Of what the innermost element stands in.
  const Look& around() const { return open_.size() < 2 ? outside_ : open_[open_.size() - 2].look; }

 private:
  enum class Kind { table, section, row, cell, list, item, paragraph, block, other };
  struct Open {
    std::string name;
    Kind kind;
    Look look;
  };

  static Kind kind_of(std::string_view name);
  static bool is_wall_for(Kind open, Kind inner);
  /// Ends what cannot go on where one of that kind begins.
  void make_way_for(Kind kind);
  void close_to(std::size_t size) { open_.resize(size); }
  std::size_t innermost(std::string_view name) const;

  Look outside_;
  std::vector<Open> open_;
};

}  // namespace rubricon::formats
