#include <rubricon/postgres/failure.hpp>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <algorithm>
#include <array>

namespace rubricon::postgres {
namespace {

bool one_of(std::string_view state, const auto& states) {
  return std::ranges::any_of(states, [state](auto one) { return state.starts_with(one); });
}

std::string_view field(const pg_result* result, int code) {
  const char* const text = PQresultErrorField(result, code);
  return text ? text : "";
}

}  // namespace

void throw_error(std::string_view state, const std::string& what) {
  using namespace std::string_view_literals;
  using Kind = Failure::Kind;
  // Shutdown, crash, start-up; a server that became a replica; a plan made before a migration;
  // broken connections.
  constexpr std::array lost = {"57P01"sv, "57P02"sv, "57P03"sv, "57P05"sv,
                               "25006"sv, "25P03"sv, "0A000"sv, "08"sv};
  // A unique key that is taken: somebody was quicker, and a repetition sees what they did.
  constexpr std::array conflict = {"40001"sv, "40P01"sv, "23505"sv};
  constexpr std::array busy = {"55P03"sv};
  constexpr std::array refused = {"53"sv, "57"sv, "58"sv, "XX"sv, "55"sv};
  if (state.empty() || one_of(state, lost)) throw Failure(Kind::lost, what);
  if (one_of(state, conflict)) throw Failure(Kind::conflict, what);
  if (one_of(state, busy)) throw Failure(Kind::busy, what);
  if (state == "57014") throw base::DeadlineExceeded(what);
  if (one_of(state, refused)) throw Failure(Kind::refused, what);
  throw Defect(what);
}

void throw_error(const pg_result* result) {
  const auto state = field(result, PG_DIAG_SQLSTATE);
  const auto what = fmt::format("PostgreSQL: {} ({})", field(result, PG_DIAG_MESSAGE_PRIMARY),
                                state.empty() ? "connection" : state);
  // No partition for a row is a failed check without a name; the periodic task makes partitions.
  if (state == "23514" && field(result, PG_DIAG_CONSTRAINT_NAME).empty()) {
    throw Failure(Failure::Kind::refused, what);
  }
  throw_error(state, what);
}

}  // namespace rubricon::postgres
