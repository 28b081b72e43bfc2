#include <rubricon/domain/user.hpp>

namespace rubricon::domain {

const char* to_string(UserRole role) noexcept {
  return role == UserRole::admin ? "admin" : "teacher";
}

const char* to_string(Locale locale) noexcept {
  return locale == Locale::en ? "en" : "zh-TW";
}

std::optional<UserRole> parse_user_role(std::string_view text) {
  if (text == "teacher") return UserRole::teacher;
  if (text == "admin") return UserRole::admin;
  return std::nullopt;
}

std::optional<Locale> parse_locale(std::string_view text) {
  if (text == "zh-TW") return Locale::zh_tw;
  if (text == "en") return Locale::en;
  return std::nullopt;
}

}  // namespace rubricon::domain
