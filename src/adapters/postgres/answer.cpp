#include <rubricon/postgres/answer.hpp>

#include <rubricon/base/assert.hpp>

#include <libpq-fe.h>
#include <algorithm>
#include <array>
#include <charconv>

namespace rubricon::postgres {
namespace {

constexpr std::int64_t epoch_ms = 946'684'800'000;  // 2000-01-01, from which PostgreSQL counts
constexpr std::size_t uuid_bytes = 16;

std::int64_t big_endian(std::span<const std::uint8_t> bytes) {
  // The first byte has the sign.
  std::int64_t value = static_cast<std::int8_t>(bytes.front());
  for (const auto byte : bytes.subspan(1)) value = value * 256 + byte;
  return value;
}

base::Uuid to_uuid(std::span<const std::uint8_t> bytes) {
  RUBRICON_ASSERT(bytes.size() == uuid_bytes);
  std::array<std::uint8_t, uuid_bytes> id{};
  std::ranges::copy(bytes, id.begin());
  return base::Uuid(id);
}

}  // namespace

bool Row::null(int column) const {
  return PQgetisnull(result_, row_, column) == 1;
}

std::string_view Row::view(int column) const {
  return {PQgetvalue(result_, row_, column),
          static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::span<const std::uint8_t> Row::bytes(int column) const {
  const auto text = view(column);
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::int64_t Row::integer(int column) const {
  const auto value = bytes(column);
  RUBRICON_ASSERT(value.size() == 2 || value.size() == 4 || value.size() == 8);
  return big_endian(value);
}

bool Row::boolean(int column) const {
  const auto value = bytes(column);
  RUBRICON_ASSERT(value.size() == 1);
  return value.front() != 0;
}

base::Uuid Row::uuid(int column) const {
  return to_uuid(bytes(column));
}

base::Time Row::time(int column) const {
  return base::time_from_unix_ms(integer(column) / 1'000 + epoch_ms);
}

std::vector<base::Uuid> Row::uuids(int column) const {
  std::vector<base::Uuid> ids;
  if (null(column)) return ids;
  // Dimensions, flags, type; for one dimension its size and lower bound; then each with its length.
  constexpr std::size_t word = 4;
  constexpr std::size_t head = 5 * word;
  auto rest = bytes(column);
  if (big_endian(rest.first(word)) == 0) return ids;
  const auto count = static_cast<std::size_t>(big_endian(rest.subspan(3 * word, word)));
  rest = rest.subspan(head);
  RUBRICON_ASSERT(rest.size() == count * (word + uuid_bytes));
  for (std::size_t i = 0; i < count; ++i) {
    ids.push_back(to_uuid(rest.subspan(i * (word + uuid_bytes) + word, uuid_bytes)));
  }
  return ids;
}

Answer::Answer(pg_result* result) : result_(result) {}

void Answer::Clear::operator()(pg_result* result) const {
  PQclear(result);
}

std::size_t Answer::size() const {
  return static_cast<std::size_t>(PQntuples(result_.get()));
}

std::int64_t Answer::changed() const {
  const std::string_view text = PQcmdTuples(result_.get());
  std::int64_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows;
}

}  // namespace rubricon::postgres
