/// What becomes of an old row here, or why nothing does. Pure: the same row becomes the same, as
/// often as it is asked.
#pragma once

#include <rubricon/legacy/rows.hpp>
#include <rubricon/ports/imports.hpp>

#include <expected>
#include <string>
#include <string_view>

namespace rubricon::legacy {

/// Why a row is left out.
enum class Reason {
  broken_address,
  broken_time,
  broken_text,
  unknown_role,
  empty,
  too_large,
  orphan,        ///< its user or its chat is not in the old tables, or was left out
  deleted_here,  ///< its chat was imported before, and deleted since
};

const char* to_string(Reason reason) noexcept;

template <typename T>
using Mapped = std::expected<T, Reason>;

/// What was changed so that the row fits.
struct Adjusted {
  bool name = false;     ///< longer than a line of ours, or none: shortened, or the address's
  bool title = false;    ///< longer than a line of ours
  bool context = false;  ///< no JSON object, or more than 8 KiB: empty
};

/// `now`: times more than a day after it are broken, as are those before 2010.
Mapped<ports::ImportedUser> user_of(const OldUser& row, base::Time now, Adjusted& adjusted);
Mapped<ports::ImportedChat> chat_of(const OldChat& row, domain::UserId owner, base::Time now,
                                    Adjusted& adjusted);
Mapped<ports::ImportedMessage> message_of(const OldMessage& row, base::Time now);

}  // namespace rubricon::legacy
