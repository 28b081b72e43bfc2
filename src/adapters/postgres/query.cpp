#include <rubricon/postgres/query.hpp>

#include <chrono>
#include <limits>

namespace rubricon::postgres::wire {
namespace {

// PostgreSQL counts microseconds from 2000-01-01.
constexpr std::int64_t epoch_ms = 946'684'800'000;
constexpr std::int64_t time_ms_max = 9'000'000'000'000'000;  // the year 287,000

template <typename Integer>
void put_big_endian(std::string& out, Integer value) {
  for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
}

}  // namespace

unsigned int oid_of(ArgumentType type) {
  switch (type) {
    case ArgumentType::boolean: return 16;
    case ArgumentType::bytea: return 17;
    case ArgumentType::bigint: return 20;
    case ArgumentType::text: return 25;
    case ArgumentType::timestamp: return 1184;
    case ArgumentType::uuid: return 2950;
  }
  std::unreachable();
}

unsigned int array_oid_of(ArgumentType type) {
  switch (type) {
    case ArgumentType::boolean: return 1000;
    case ArgumentType::bytea: return 1001;
    case ArgumentType::bigint: return 1016;
    case ArgumentType::text: return 1009;
    case ArgumentType::timestamp: return 1185;
    case ArgumentType::uuid: return 2951;
  }
  std::unreachable();
}

void put_int32(std::string& out, std::int32_t value) {
  put_big_endian(out, static_cast<std::uint32_t>(value));
}

void put_int64(std::string& out, std::int64_t value) {
  put_big_endian(out, static_cast<std::uint64_t>(value));
}

void put_time(std::string& out, base::Time time) {
  const auto ms = base::unix_ms(time);
  if (ms > time_ms_max) return put_int64(out, std::numeric_limits<std::int64_t>::max());
  if (ms < -epoch_ms) return put_int64(out, std::numeric_limits<std::int64_t>::min());
  put_int64(out, (ms - epoch_ms) * 1'000);
}

}  // namespace rubricon::postgres::wire
