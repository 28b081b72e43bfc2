/// Where the next page of a chat list begins: the sort key of the last row, opaque to clients.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/domain/ids.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::domain {

struct ListCursor {
  enum class Section : std::uint8_t { others = 0, pinned = 1 };

  Section section = Section::pinned;
  base::Time updated_at;
  ChatId chat;

  /// Before the first row of everything.
  static ListCursor start();
  bool operator==(const ListCursor&) const = default;
};

/// Base64url without padding.
std::string to_string(const ListCursor& cursor);
/// nullopt for anything that `to_string` did not write.
std::optional<ListCursor> parse_list_cursor(std::string_view text);

}  // namespace rubricon::domain
