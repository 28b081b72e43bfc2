/// Where the next page of a chat list begins: the sort key of the last row, opaque to clients.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/domain/ids.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::sqlite {

struct ListCursor {
  enum class Section : std::uint8_t { others = 0, pinned = 1 };

  Section section = Section::pinned;
  base::Time updated_at;
  domain::ChatId chat;

  /// Before the first row of everything.
  static ListCursor start();
  bool operator==(const ListCursor&) const = default;
};

/// Base64url without padding.
std::string encode(const ListCursor& cursor);
/// nullopt for anything that `encode` did not write.
std::optional<ListCursor> decode(std::string_view text);

}  // namespace rubricon::sqlite
