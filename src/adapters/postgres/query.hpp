/// One SQL statement with its arguments, as they go over the wire: typed, in binary, never part of
/// the text.
#pragma once

#include <rubricon/base/id.hpp>
#include <rubricon/base/time.hpp>

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace rubricon::postgres {

/// What we send, in PostgreSQL's words: boolean, bigint, text, uuid, bytea, timestamptz.
enum class ArgumentType { boolean, bigint, text, uuid, bytea, timestamp };

struct Argument {
  unsigned int oid;  ///< of the type, as in pg_type
  bool null;
  std::string bytes;
};

namespace wire {

/// The same type of every `T` that means one thing: an Id is a uuid, a Number or an integer a
/// bigint, whatever has a text as its value() a text; an optional is what it holds.
template <typename T>
constexpr ArgumentType type_of() {
  if constexpr (requires(T value) { value.has_value(); }) {
    return type_of<std::remove_cvref_t<decltype(*std::declval<T>())>>();
  } else if constexpr (std::same_as<T, bool>) {
    return ArgumentType::boolean;
  } else if constexpr (std::integral<T>) {
    return ArgumentType::bigint;
  } else if constexpr (std::same_as<T, base::Time>) {
    return ArgumentType::timestamp;
  } else if constexpr (std::same_as<T, base::Uuid> || requires(T value) { value.uuid(); }) {
    return ArgumentType::uuid;
  } else if constexpr (requires(T value) { value.value(); }) {
    return type_of<std::remove_cvref_t<decltype(std::declval<T>().value())>>();
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    return ArgumentType::text;
  } else {
    static_assert(std::convertible_to<T, std::span<const std::uint8_t>>);
    return ArgumentType::bytea;
  }
}

unsigned int oid_of(ArgumentType type);
unsigned int array_oid_of(ArgumentType type);

void put_int32(std::string& out, std::int32_t value);
void put_int64(std::string& out, std::int64_t value);
/// Times beyond what PostgreSQL can store are its infinities.
void put_time(std::string& out, base::Time time);

/// Appends the value alone, without its length. Not for empty optionals.
template <typename T>
void put(std::string& out, const T& value) {
  if constexpr (requires { value.has_value(); }) {
    put(out, *value);
  } else if constexpr (std::same_as<T, bool>) {
    out += value ? '\1' : '\0';
  } else if constexpr (std::integral<T>) {
    put_int64(out, static_cast<std::int64_t>(value));
  } else if constexpr (std::same_as<T, base::Time>) {
    put_time(out, value);
  } else if constexpr (std::same_as<T, base::Uuid>) {
    out.append(value.bytes().begin(), value.bytes().end());
  } else if constexpr (requires { value.uuid(); }) {
    put(out, value.uuid());
  } else if constexpr (requires { value.value(); }) {
    put(out, value.value());
  } else if constexpr (std::convertible_to<T, std::string_view>) {
    out += std::string_view(value);
  } else {
    const std::span<const std::uint8_t> bytes(value);
    out.append(bytes.begin(), bytes.end());
  }
}

template <typename T>
bool is_null(const T& value) {
  if constexpr (requires { value.has_value(); }) return !value.has_value();
  return false;
}

inline constexpr std::size_t length_bytes = 4;

/// One dimension, from 1.
template <typename T>
std::string array(const std::vector<T>& values) {
  std::string out;
  put_int32(out, values.empty() ? 0 : 1);
  put_int32(out, 1);  // there may be nulls
  put_int32(out, static_cast<std::int32_t>(oid_of(type_of<T>())));
  if (values.empty()) return out;
  put_int32(out, static_cast<std::int32_t>(values.size()));
  put_int32(out, 1);
  for (const auto& value : values) {
    if (is_null(value)) {
      put_int32(out, -1);
      continue;
    }
    const auto begin = out.size();
    put_int32(out, 0);
    put(out, value);
    std::string length;
    put_int32(length, static_cast<std::int32_t>(out.size() - begin - length_bytes));
    out.replace(begin, length_bytes, length);
  }
  return out;
}

template <typename T>
Argument argument(const T& value) {
  Argument made{.oid = oid_of(type_of<T>()), .null = is_null(value), .bytes = {}};
  if (!made.null) put(made.bytes, value);
  return made;
}

template <typename T>
  requires(!std::same_as<T, std::uint8_t>)
Argument argument(const std::vector<T>& values) {
  return {.oid = array_oid_of(type_of<T>()), .null = false, .bytes = array(values)};
}

}  // namespace wire

/// A value: copied with its arguments.
struct Query {
  /// A literal or as immortal: its address is the name under which it is prepared.
  const char* sql;
  std::vector<Argument> arguments;
};

/// `query("SELECT … WHERE id = $1", chat)`. Vectors become arrays.
template <typename... Arguments>
Query query(std::string_view sql, const Arguments&... arguments) {
  return {.sql = sql.data(), .arguments = {wire::argument(arguments)...}};
}

/// Several for one round trip.
template <typename... Queries>
std::vector<Query> together(Queries... queries) {
  std::vector<Query> all;
  all.reserve(sizeof...(queries));
  (all.push_back(std::move(queries)), ...);
  return all;
}

}  // namespace rubricon::postgres
