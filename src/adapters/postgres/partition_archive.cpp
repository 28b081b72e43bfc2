/// Writing to files, and bringing back.
#include <rubricon/postgres/partitions.hpp>

#include <fmt/format.h>

#include <array>

namespace rubricon::postgres {
namespace {

constexpr std::array parents = {"messages", "events"};

/// So that the same rows make the same file.
std::string_view order_of(std::string_view parent) {
  return parent == "messages" ? "chat_id, seq" : "stream, seq";
}

/// The bounds of the partition, as a check that saves ATTACH from looking at the rows.
std::string bounds(Quarter quarter) {
  return fmt::format("created_at >= '{}' AND created_at < '{}'", base::format_time(quarter.begin()),
                     base::format_time(quarter.end()));
}

void refuse_to_replace(const std::filesystem::path& file, const ArchiveSummary& fresh) {
  if (!std::filesystem::exists(file)) return;
  bool same = false;
  try {
    same = check_archive(file) == fresh;
  } catch (const ArchiveError&) {
    same = false;
  }
  if (same) return;
  throw PartitionError(
      fmt::format("{} is there and says something else: move it away or give another folder, then "
                  "try again",
                  file.string()));
}

/// What was written is read back, and only then gets its name.
void put_in_place(const std::filesystem::path& partial, const std::filesystem::path& file,
                  const ArchiveSummary& summary) {
  try {
    if (check_archive(partial) != summary) {
      throw ArchiveError(fmt::format("{} does not read as it was written", partial.string()));
    }
    refuse_to_replace(file, summary);
    std::filesystem::rename(partial, file);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(partial, ignored);
    throw;
  }
  sync_folder(file.parent_path());
}

}  // namespace

Partitions::Archived Partitions::archive(Quarter quarter, const std::filesystem::path& folder) {
  const auto name = quarter.to_string();
  const auto record = record_of(quarter);
  if (record && record->archive) {
    throw PartitionError(fmt::format("{} is archived already, in {}", name, *record->archive));
  }
  if (!record || !record->taken_out || !has_tables(quarter)) {
    throw PartitionError(
        fmt::format("{0} is still attached: run `rubricon db partitions detach {0}` first", name));
  }
  std::filesystem::create_directories(folder);
  const auto file = std::filesystem::absolute(folder / fmt::format("rubricon-{}.archive", name));
  auto partial = file;
  partial += ".partial";

  SessionTransaction transaction(session_);
  hold_alone();
  // Nobody may change what is being copied.
  session_.run(fmt::format("LOCK TABLE {}, {} IN EXCLUSIVE MODE", quarter.table_of("messages"),
                           quarter.table_of("events")));
  record_spans(quarter);
  ArchiveWriter writer(partial, quarter);
  for (const auto* parent : parents) write_table(writer, quarter, parent);
  const auto summary = writer.finish();
  put_in_place(partial, file, summary);

  session_.run(
      fmt::format("DROP TABLE {}, {}", quarter.table_of("messages"), quarter.table_of("events")));
  session_.run(
      "UPDATE detached_quarters SET archive = $2, sha256 = $3, messages = $4::bigint, "
      "events = $5::bigint WHERE quarter = $1",
      {name, file.string(), summary.sha256, std::to_string(summary.tables[0].rows),
       std::to_string(summary.tables[1].rows)});
  transaction.commit();
  return {file, summary};
}

void Partitions::write_table(ArchiveWriter& writer, Quarter quarter, const std::string& parent) {
  const auto table = quarter.table_of(parent);
  const auto columns = session_.run(
      "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute "
      "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
      {table});
  const auto& names = columns.front().front().value();
  writer.begin_table(parent, names);
  // tidy: allow sql because all of it comes from the quarter and the catalogue
  const auto copy =
      fmt::format("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT", names, table, order_of(parent));
  session_.copy_out(copy, [&writer](std::string_view row) { writer.row(row); });
  writer.end_table();
}

void Partitions::may_restore(Quarter quarter) {
  const auto newer = session_.run(
      "SELECT max(quarter) FROM detached_quarters "
      "WHERE quarter > $1 AND detached_at IS NOT NULL",
      {quarter.to_string()});
  if (const auto& name = newer.front().front()) {
    throw PartitionError(fmt::format(
        "{0} is newer than {1} and not attached: run `rubricon db partitions restore {0}` first",
        *name, quarter.to_string()));
  }
}

Partitions::Restored Partitions::restore(Quarter quarter) {
  const auto record = record_of(quarter);
  if (record && record->archive) {
    if (!std::filesystem::exists(*record->archive)) {
      throw PartitionError(fmt::format(
          "{} was archived to {}, which is not there: run `rubricon db partitions restore <file>` "
          "where the file is now",
          quarter.to_string(), *record->archive));
    }
    return restore(std::filesystem::path(*record->archive));
  }
  if (!has_tables(quarter)) {
    throw PartitionError(
        fmt::format("there is no quarter {} here: `rubricon db partitions list` shows all",
                    quarter.to_string()));
  }
  if (is_attached(quarter.table_of("messages")) && is_attached(quarter.table_of("events"))) {
    // Of a detach that was interrupted before anything was taken out.
    session_.run("DELETE FROM detached_quarters WHERE quarter = $1", {quarter.to_string()});
    return Restored::before;
  }
  may_restore(quarter);
  attach(quarter);
  return Restored::now;
}

Partitions::Restored Partitions::restore(const std::filesystem::path& file) {
  const auto summary = check_archive(file);
  const auto record = record_of(summary.quarter);
  if (!record || !record->archive) return restore(summary.quarter);
  if (record->sha256 != summary.sha256) {
    throw PartitionError(fmt::format(
        "{} is not the file that {} of this database was archived to ({}): its checksum is another",
        file.string(), summary.quarter.to_string(), *record->archive));
  }
  may_restore(summary.quarter);
  load(file, summary.quarter, summary.sha256);
  attach(summary.quarter);
  return Restored::now;
}

void Partitions::load(const std::filesystem::path& file, Quarter quarter,
                      const std::string& sha256) {
  SessionTransaction transaction(session_);
  hold_alone();
  ArchiveReader reader(file);
  ArchiveTable table;
  while (reader.next_table(table)) {
    if (table.name != parents[0] && table.name != parents[1]) {
      throw ArchiveError(
          fmt::format("{} holds a table {}, which is not ours", file.string(), table.name));
    }
    const auto name = quarter.table_of(table.name);
    session_.run(fmt::format(
        "CREATE TABLE {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)",
        name, table.name));
    // tidy: allow sql because the columns are those of a file whose checksum is ours
    session_.copy_in(fmt::format("COPY {} ({}) FROM STDIN", name, table.columns),
                     [&reader] { return reader.rows(); });
    session_.run(fmt::format("ANALYZE {}", name));
  }
  if (reader.verify().sha256 != sha256) {
    throw ArchiveError(fmt::format("{} has changed while it was read", file.string()));
  }
  session_.run(
      "UPDATE detached_quarters SET archive = NULL, sha256 = NULL, messages = NULL, events = NULL "
      "WHERE quarter = $1",
      {quarter.to_string()});
  transaction.commit();
}

void Partitions::attach(Quarter quarter) {
  {
    // The long look at the rows, while nobody else has to do with them.
    SessionTransaction transaction(session_);
    hold_alone();
    for (const auto* parent : parents) {
      const auto table = quarter.table_of(parent);
      session_.run(fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS of_quarter", table));
      session_.run(fmt::format("ALTER TABLE {} ADD CONSTRAINT of_quarter CHECK ({})", table,
                               bounds(quarter)));
    }
    transaction.commit();
  }
  insist([this, quarter] { attach_tables(quarter); });
}

void Partitions::attach_tables(Quarter quarter) {
  SessionTransaction transaction(session_);
  hold_alone();
  for (const auto* parent : parents) {
    const auto table = quarter.table_of(parent);
    if (!is_attached(table)) {
      // tidy: allow sql because all of it comes from the quarter
      session_.run(
          fmt::format("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ('{}') TO ('{}')", parent,
                      table, base::format_time(quarter.begin()), base::format_time(quarter.end())));
    }
    session_.run(fmt::format("ALTER TABLE {} DROP CONSTRAINT of_quarter", table));
  }
  session_.run("DELETE FROM detached_quarters WHERE quarter = $1", {quarter.to_string()});
  transaction.commit();
}

}  // namespace rubricon::postgres
