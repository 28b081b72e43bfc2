/// People who sign in, and what proves that they did.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/domain/ids.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace rubricon::domain {

enum class UserRole { teacher, admin };
enum class Locale { zh_tw, en };

struct User {
  UserId id;
  std::string email;
  std::string name;
  UserRole role = UserRole::teacher;
  Locale locale = Locale::zh_tw;
  base::Time created_at;
  bool disabled = false;  ///< signs in no more, until somebody lets them

  bool operator==(const User&) const = default;
};

/// Who a verified access token speaks for. The only source of a user id in the whole system.
struct Identity {
  UserId user;
  SessionId session;
  UserRole role = UserRole::teacher;
  base::Time expires_at;

  bool operator==(const Identity&) const = default;
};

/// Wire spellings: "teacher", "admin"; "zh-TW", "en".
const char* to_string(UserRole role) noexcept;
const char* to_string(Locale locale) noexcept;
std::optional<UserRole> parse_user_role(std::string_view text);
std::optional<Locale> parse_locale(std::string_view text);

}  // namespace rubricon::domain
