/// What there is, what is needed, and taking out.
#include <rubricon/postgres/partitions.hpp>

#include <rubricon/postgres/failure.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <thread>

namespace rubricon::postgres {
namespace {

constexpr int ahead = 2;
constexpr auto late_clocks = std::chrono::days(7);
constexpr std::array parents = {"messages", "events"};

std::string text(base::Time time) {
  return base::format_time(time);
}

bool yes(const Session::Rows& rows) {
  return !rows.empty() && rows.front().front() == "t";
}

std::vector<std::string> attached_names(const PartitionList& list) {
  std::vector<std::string> names;
  for (const auto& each : list.partitions) {
    if (each.state == PartitionState::attached) names.push_back(each.quarter.table_of(each.parent));
  }
  return names;
}

}  // namespace

Partitions::Partitions(const std::string& url, const ports::Clock& clock, PartitionOptions options)
    : session_(url), clock_(clock), options_(options) {
  if (!yes(session_.run("SELECT to_regclass('detached_quarters') IS NOT NULL"))) {
    throw PartitionError(
        "this database is not ours, or older than this program: run `rubricon migrate` first");
  }
}

PartitionList Partitions::list() {
  PartitionList list;
  const auto tables = session_.run(
      "SELECT relname, greatest(0, CASE WHEN reltuples < 0 THEN pg_stat_get_live_tuples(oid) "
      "ELSE reltuples::bigint END), pg_total_relation_size(oid), "
      "EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid) FROM pg_class "
      "WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' "
      "AND relname ~ '^(messages|events)_[0-9]{4}q[1-4]$'");
  for (const auto& row : tables) {
    const auto& name = *row[0];
    list.partitions.push_back(
        {.parent = name.substr(0, name.find('_')),
         .quarter = Quarter::parse(name).value(),
         .state = row[3] == "t" ? PartitionState::attached : PartitionState::apart,
         .rows = std::stoll(*row[1]),
         .bytes = std::stoll(*row[2]),
         .archive = {}});
  }
  const auto archived = session_.run(
      "SELECT quarter, archive, messages, events FROM detached_quarters "
      "WHERE archive IS NOT NULL");
  for (const auto& row : archived) {
    for (std::size_t i = 0; i < parents.size(); ++i) {
      list.partitions.push_back({.parent = parents[i],
                                 .quarter = Quarter::parse(*row[0]).value(),
                                 .state = PartitionState::archived,
                                 .rows = std::stoll(*row[2 + i]),
                                 .bytes = 0,
                                 .archive = *row[1]});
    }
  }
  std::ranges::sort(list.partitions, [](const Partition& a, const Partition& b) {
    return a.parent != b.parent ? a.parent > b.parent : a.quarter < b.quarter;
  });
  const auto attached = attached_names(list);
  for (int i = 0; i <= ahead; ++i) {
    for (const auto* parent : parents) {
      auto name = Quarter::of(clock_.now()).later(i).table_of(parent);
      if (std::ranges::find(attached, name) == attached.end()) list.missing.push_back(name);
    }
  }
  return list;
}

std::vector<std::string> Partitions::ensure() {
  const auto before = attached_names(list());
  session_.run("SELECT ensure_partitions($1::timestamptz, $2::integer)",
               {text(clock_.now()), std::to_string(ahead)});
  auto made = attached_names(list());
  std::erase_if(made, [&](const std::string& name) {
    return std::ranges::find(before, name) != before.end();
  });
  return made;
}

std::optional<Partitions::Record> Partitions::record_of(Quarter quarter) {
  const auto rows = session_.run(
      "SELECT detached_at IS NOT NULL, archive, sha256 FROM detached_quarters WHERE quarter = $1",
      {quarter.to_string()});
  if (rows.empty()) return std::nullopt;
  return Record{rows[0][0] == "t", rows[0][1], rows[0][2]};
}

bool Partitions::has_tables(Quarter quarter) {
  return yes(session_.run("SELECT to_regclass($1) IS NOT NULL AND to_regclass($2) IS NOT NULL",
                          {quarter.table_of("messages"), quarter.table_of("events")}));
}

bool Partitions::is_attached(const std::string& table) {
  return yes(session_.run(
      "SELECT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass($1))", {table}));
}

void Partitions::hold_alone() {
  if (yes(session_.run("SELECT pg_try_advisory_xact_lock(5927201144290703)"))) return;
  throw PartitionError("another command is at the partitions: wait for its end, then try again");
}

std::optional<Quarter> Partitions::oldest_attached() {
  const auto now = list();
  std::optional<Quarter> oldest;
  for (const auto& each : now.partitions) {
    if (each.state != PartitionState::attached) continue;
    if (!oldest || each.quarter < *oldest) oldest = each.quarter;
  }
  return oldest;
}

void Partitions::may_detach(Quarter quarter) {
  const auto name = quarter.to_string();
  if (quarter >= Quarter::of(clock_.now())) {
    throw PartitionError(fmt::format(
        "{} has not ended, so it is written to: only quarters that are over can be taken out",
        name));
  }
  if (quarter.end() + late_clocks > clock_.now()) {
    throw PartitionError(fmt::format(
        "{} has ended less than a week ago, and clocks may be wrong: detach it from {} on", name,
        text(quarter.end() + late_clocks)));
  }
  if (!has_tables(quarter)) {
    throw PartitionError(
        fmt::format("there is no quarter {} here: `rubricon db partitions list` shows all", name));
  }
  const auto oldest = oldest_attached();
  if (oldest && *oldest < quarter) {
    throw PartitionError(fmt::format(
        "{0} is older than {1} and still attached: run `rubricon db partitions detach {0}` first",
        oldest->to_string(), name));
  }
  if (yes(session_.run("SELECT EXISTS (SELECT FROM outbox WHERE at < $1::timestamptz)",
                       {text(quarter.end())}))) {
    throw PartitionError(fmt::format(
        "events of {} are still to be published: see that an api runs, and try again", name));
  }
  // tidy: allow sql because the table is named by a quarter
  const auto questions = fmt::format(
      "SELECT EXISTS (SELECT FROM ai_jobs j JOIN {} m ON m.chat_id = j.chat_id "
      "AND m.seq = j.prompt_seq WHERE j.state IN ('queued', 'running'))",
      quarter.table_of("messages"));
  if (yes(session_.run(questions))) {
    throw PartitionError(fmt::format(
        "questions of {} are still to be answered: see that a worker runs, and try again", name));
  }
}

Partitions::Detached Partitions::detach(Quarter quarter) {
  if (const auto record = record_of(quarter); record && record->taken_out) return Detached::before;
  may_detach(quarter);
  {
    SessionTransaction transaction(session_);
    hold_alone();
    record_spans(quarter);
    transaction.commit();
  }
  insist([this, quarter] { take_out(quarter); });
  return Detached::now;
}

void Partitions::insist(const std::function<void()>& change) {
  for (int attempt = 1;; ++attempt) {
    try {
      return change();
    } catch (const Failure& failure) {
      const bool locked =
          failure.kind() == Failure::Kind::busy || failure.kind() == Failure::Kind::conflict;
      if (!locked) throw;
      if (attempt == options_.attempts_max) {
        throw PartitionError(
            "others hold the tables for long, such as a backup, a vacuum or an open transaction "
            "(pg_stat_activity shows them); nothing was changed: try again after their end");
      }
    }
    std::this_thread::sleep_for(options_.pause);
  }
}

/// Nobody writes to the quarter any more, so that this can be done before, without a lock.
void Partitions::record_spans(Quarter quarter) {
  const auto name = quarter.to_string();
  session_.run("INSERT INTO detached_quarters (quarter) VALUES ($1) ON CONFLICT DO NOTHING",
               {name});
  session_.run("DELETE FROM detached_spans WHERE quarter = $1", {name});
  // tidy: allow sql because the table is named by a quarter
  const auto spans = fmt::format(
      "INSERT INTO detached_spans (quarter, stream, seq_first, seq_last) "
      "SELECT $1, stream, min(seq), max(seq) FROM {} GROUP BY stream",
      quarter.table_of("events"));
  session_.run(spans, {name});
}

/// Not CONCURRENTLY, which cannot do two tables at once and leaves half of it where it is
/// interrupted. The locks are asked for by short attempts, and held for as long as the catalogue
/// takes.
void Partitions::take_out(Quarter quarter) {
  SessionTransaction transaction(session_);
  hold_alone();
  session_.run("SET LOCAL lock_timeout = '200ms'");
  for (const auto* parent : parents) {
    const auto table = quarter.table_of(parent);
    if (!is_attached(table)) continue;  // somebody has done it by hand
    session_.run(fmt::format("ALTER TABLE {} DETACH PARTITION {}", parent, table));
  }
  session_.run("UPDATE detached_quarters SET detached_at = $2::timestamptz WHERE quarter = $1",
               {quarter.to_string(), text(clock_.now())});
  transaction.commit();
}

}  // namespace rubricon::postgres
