#include <rubricon/legacy/mapping.hpp>

#include <rubricon/legacy/marks.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace rubricon::legacy {
namespace {

using namespace std::chrono_literals;

constexpr auto oldest = base::Time(std::chrono::sys_days(2010y / std::chrono::January / 1));
constexpr std::size_t context_bytes_max = 8 * 1024;

Mapped<base::Time> time_of(std::optional<base::Time> time, base::Time now) {
  if (!time || *time < oldest || *time > now + 24h) return std::unexpected(Reason::broken_time);
  return *time;
}

/// One line of at most `characters`, from its beginning. `text` is UTF-8.
std::string fitting_line(std::string_view text, std::size_t characters) {
  std::string line;
  for (const char c : text) {
    const auto unit = static_cast<std::uint8_t>(c);
    const bool begins = (unit & 0xc0) != 0x80;
    if (begins && characters-- == 0) break;
    line += unit < 0x20 || unit == 0x7f ? ' ' : c;
  }
  return line;
}

Mapped<domain::DisplayName> name_of(const OldUser& row, const domain::Email& email,
                                    Adjusted& adjusted) {
  if (!domain::is_utf8(row.name)) return std::unexpected(Reason::broken_text);
  if (const auto name = domain::DisplayName::parse(row.name)) return *name;
  adjusted.name = true;
  const auto cut = fitting_line(row.name, domain::DisplayName::characters_max);
  if (const auto name = domain::DisplayName::parse(cut)) return *name;
  const auto& address = email.value();
  const auto local =
      fitting_line(address.substr(0, address.find('@')), domain::DisplayName::characters_max);
  const auto name = domain::DisplayName::parse(local);
  if (!name) return std::unexpected(Reason::broken_address);
  return *name;
}

Mapped<domain::ChatTitle> title_of(const OldChat& row, Adjusted& adjusted) {
  if (!domain::is_utf8(row.title)) return std::unexpected(Reason::broken_text);
  if (const auto title = domain::ChatTitle::parse(row.title)) return *title;
  adjusted.title = true;
  const auto cut = fitting_line(row.title, domain::ChatTitle::characters_max);
  const auto title = domain::ChatTitle::parse(cut);
  if (!title) return std::unexpected(Reason::broken_text);
  return *title;
}

domain::ContextJson context_of(const OldChat& row, Adjusted& adjusted) {
  if (row.context.empty() || row.context == "null") return "{}";
  boost::system::error_code failed;
  const auto value = boost::json::parse(row.context, failed);
  if (!failed && value.is_object()) {
    auto text = boost::json::serialize(value);
    if (text.size() <= context_bytes_max) return text;
  }
  adjusted.context = true;
  return "{}";
}

std::optional<domain::MessageRole> role_of(std::string_view text) {
  if (text == "USER" || text == "user") return domain::MessageRole::user;
  if (text == "AI" || text == "ai") return domain::MessageRole::ai;
  return std::nullopt;
}

Reason reason_of(const base::Error& error) {
  const auto& code = error.fields.front().code;
  if (code == "empty") return Reason::empty;
  return code == "too_long" ? Reason::too_large : Reason::broken_text;
}

base::Uuid id_of(std::string_view table, std::string_view id, base::Time time) {
  return base::Uuid::v7(base::unix_ms(time), mark_for(table, id));
}

}  // namespace

const char* to_string(Reason reason) noexcept {
  switch (reason) {
    case Reason::broken_address: return "broken_address";
    case Reason::broken_time: return "broken_time";
    case Reason::broken_text: return "broken_text";
    case Reason::unknown_role: return "unknown_role";
    case Reason::empty: return "empty";
    case Reason::too_large: return "too_large";
    case Reason::orphan: return "orphan";
    case Reason::deleted_here: return "deleted_here";
  }
  std::unreachable();
}

Mapped<ports::ImportedUser> user_of(const OldUser& row, base::Time now, Adjusted& adjusted) {
  const auto email = domain::Email::parse(row.email);
  if (!email) return std::unexpected(Reason::broken_address);
  const auto made = time_of(row.created_at, now);
  if (!made) return std::unexpected(made.error());
  const auto name = name_of(row, *email, adjusted);
  if (!name) return std::unexpected(name.error());
  return ports::ImportedUser{.id = domain::UserId(id_of("User", row.id, *made)),
                             .email = *email,
                             .name = *name,
                             .created_at = *made};
}

Mapped<ports::ImportedChat> chat_of(const OldChat& row, domain::UserId owner, base::Time now,
                                    Adjusted& adjusted) {
  const auto made = time_of(row.created_at, now);
  if (!made) return std::unexpected(made.error());
  const auto title = title_of(row, adjusted);
  if (!title) return std::unexpected(title.error());
  return ports::ImportedChat{.id = domain::ChatId(id_of("Chat", row.id, *made)),
                             .owner = owner,
                             .title = *title,
                             .context = context_of(row, adjusted),
                             .created_at = *made};
}

Mapped<ports::ImportedMessage> message_of(const OldMessage& row, base::Time now) {
  if (row.content_bytes > domain::MessageText::bytes_max) return std::unexpected(Reason::too_large);
  const auto role = role_of(row.role);
  if (!role) return std::unexpected(Reason::unknown_role);
  const auto at = time_of(row.at, now);
  if (!at) return std::unexpected(at.error());
  const auto content = domain::MessageText::parse(row.content);
  if (!content) return std::unexpected(reason_of(content.error()));
  return ports::ImportedMessage{
      .mark = mark_for("Msg", row.id), .role = *role, .content = *content, .at = *at};
}

}  // namespace rubricon::legacy
