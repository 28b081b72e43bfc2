#include <rubricon/redis/message_pack.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/domain/text.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

namespace rubricon::redis {
namespace {

namespace json = boost::json;
using Library = nlohmann::ordered_json;

constexpr std::size_t written_depth_max = 64;
constexpr std::uint64_t seconds_mask = (std::uint64_t{1} << 34) - 1;
constexpr std::uint64_t year_10000 = 253'402'300'799;

/// Builds the value from what the library reads, and stops it at a limit: it calls itself for each
/// level, so the depth is also that of the stack.
class Builder {
 public:
  explicit Builder(const MessagePackLimits& limits) : limits_(limits) {}

  json::value take() { return std::move(root_); }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) {
    return std::isfinite(value) ? add(value) : add(nullptr);
  }
  bool string(std::string& value) { return domain::is_utf8(value) && add(json::string(value)); }
  bool binary(Library::binary_t& value) {
    const auto time = timestamp(value);
    return time && add(json::string(*time));
  }
  bool start_array(std::size_t) { return open(json::array()); }
  bool end_array() { return close(); }
  bool start_object(std::size_t) { return open(json::object()); }
  bool key(std::string& name) {
    if (!domain::is_utf8(name)) return false;
    open_.back().key = name;
    return true;
  }
  bool end_object() { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
    return false;
  }

 private:
  struct Open {
    json::value container;
    std::string key;
  };

  bool add(json::value value) {
    if (++values_ > limits_.values) return false;
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    auto& [container, key] = open_.back();
    if (container.is_array()) {
      container.get_array().push_back(std::move(value));
    } else {
      container.get_object().insert_or_assign(key, std::move(value));
    }
    return true;
  }
  bool open(json::value container) {
    if (open_.size() >= limits_.depth) return false;
    open_.push_back({std::move(container), {}});
    return true;
  }
  bool close() {
    auto value = std::move(open_.back().container);
    open_.pop_back();
    return add(std::move(value));
  }

  /// Extension type -1, which is how JavaScript's dates arrive: 32 bits of seconds; or 30 bits of
  /// nanoseconds and 34 of seconds; or 32 and, signed, 64.
  static std::optional<std::string> timestamp(const Library::binary_t& value) {
    if (!value.has_subtype() || static_cast<std::int8_t>(value.subtype()) != -1) {
      return std::nullopt;
    }
    const auto bits = [&value](std::size_t first, std::size_t size) {
      std::uint64_t number = 0;
      for (std::size_t i = first; i < first + size; ++i) number = number << 8 | value[i];
      return number;
    };
    std::uint64_t seconds = 0, nanoseconds = 0;
    switch (value.size()) {
      case 4: seconds = bits(0, 4); break;
      case 8:
        seconds = bits(0, 8) & seconds_mask;
        nanoseconds = bits(0, 8) >> 34;
        break;
      case 12:
        seconds = bits(4, 8);
        nanoseconds = bits(0, 4);
        break;
      default: return std::nullopt;
    }
    // What has no four digits for its year has no ISO 8601 text.
    if (seconds > year_10000 || nanoseconds >= 1'000'000'000) return std::nullopt;
    const auto ms = static_cast<std::int64_t>(seconds * 1'000 + nanoseconds / 1'000'000);
    return base::format_time(base::time_from_unix_ms(ms));
  }

  const MessagePackLimits& limits_;
  json::value root_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
};

Library convert(const json::value& value, std::size_t depth) {
  RUBRICON_ASSERT(depth <= written_depth_max);
  switch (value.kind()) {
    case json::kind::null: return nullptr;
    case json::kind::bool_: return value.get_bool();
    case json::kind::int64: return value.get_int64();
    case json::kind::uint64: return value.get_uint64();
    case json::kind::double_: return value.get_double();
    case json::kind::string: return std::string(value.get_string());
    case json::kind::array: {
      auto array = Library::array();
      for (const auto& each : value.get_array()) array.push_back(convert(each, depth + 1));
      return array;
    }
    case json::kind::object: {
      auto object = Library::object();
      for (const auto& [key, each] : value.get_object()) {
        object[std::string(key)] = convert(each, depth + 1);
      }
      return object;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<json::value> parse_message_pack(std::string_view bytes,
                                              const MessagePackLimits& limits) {
  if (bytes.size() > limits.bytes) return std::nullopt;
  Builder builder(limits);
  const bool read = Library::sax_parse(bytes, &builder, Library::input_format_t::msgpack);
  if (!read) return std::nullopt;
  return builder.take();
}

std::string message_pack(const json::value& value) {
  std::string bytes;
  Library::to_msgpack(convert(value, 0), nlohmann::detail::output_adapter<char>(bytes));
  return bytes;
}

}  // namespace rubricon::redis
