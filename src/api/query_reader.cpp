#include <rubricon/api/query_reader.hpp>

#include <rubricon/domain/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace rubricon::api {
namespace {

constexpr std::size_t name_bytes_max = 64;

bool is_plain(std::string_view text) {
  return domain::is_utf8(text) && std::ranges::none_of(text, [](char c) {
           const auto u = static_cast<unsigned char>(c);
           return u < 0x20 || u == 0x7f;
         });
}

}  // namespace

QueryReader::QueryReader(const net::HttpHead& head, std::initializer_list<std::string_view> allowed)
    : parameters_(net::parse_query(head.query)) {
  for (auto it = parameters_.begin(); it != parameters_.end(); ++it) {
    const std::string_view name = it->first;
    if (std::ranges::find(allowed, name) == allowed.end()) {
      const bool short_and_plain = is_plain(name) && name.size() <= name_bytes_max;
      report(short_and_plain ? name : "?", "unknown_parameter",
             "is not a parameter of this request");
    } else if (std::find_if(parameters_.begin(), it,
                            [&](const auto& p) { return p.first == name; }) != it) {
      report(name, "invalid_parameter", "comes twice");
    }
  }
}

std::optional<std::int64_t> QueryReader::integer(std::string_view name, std::int64_t min,
                                                 std::int64_t max) {
  const auto* text = find(name);
  if (text == nullptr) return std::nullopt;
  std::int64_t value = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  if (text->empty() || error != std::errc() || rest != end || value < min || value > max) {
    report(name, "invalid_parameter", fmt::format("must be an integer from {} to {}", min, max));
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> QueryReader::text(std::string_view name, std::size_t bytes_max) {
  const auto* text = find(name);
  if (text == nullptr) return std::nullopt;
  if (text->size() > bytes_max || !is_plain(*text)) {
    report(name, "invalid_parameter",
           fmt::format("must be one line of UTF-8 of at most {} bytes", bytes_max));
    return std::nullopt;
  }
  return *text;
}

std::optional<base::Uuid> QueryReader::id(std::string_view name) {
  const auto* text = find(name);
  if (text == nullptr) return std::nullopt;
  const auto id = base::Uuid::parse(*text);
  if (!id) report(name, "invalid_parameter", "must be an id");
  return id;
}

base::Result<void> QueryReader::finish() {
  if (fields_.empty()) return {};
  auto reason = fields_[0].code;
  auto detail = fields_[0].field + " " + fields_[0].message + ".";
  return base::fail(base::ErrorCode::invalid, std::move(detail), std::move(reason),
                    std::move(fields_));
}

const std::string* QueryReader::find(std::string_view name) const {
  const auto found =
      std::ranges::find(parameters_, name, &std::pair<std::string, std::string>::first);
  return found == parameters_.end() ? nullptr : &found->second;
}

void QueryReader::report(std::string_view name, const char* code, std::string message) {
  constexpr std::size_t objections_max = 32;
  if (fields_.size() < objections_max) {
    fields_.push_back({std::string(name), code, std::move(message)});
  }
}

}  // namespace rubricon::api
