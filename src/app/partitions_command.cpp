#include <rubricon/app/partitions_command.hpp>

#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/postgres/partitions.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

namespace rubricon::app {
namespace {

using postgres::PartitionState;
using postgres::Quarter;

/// A connection with the clock that it needs.
class Opened {
 public:
  explicit Opened(const Config& config) : partitions_(url_of(config), clock_) {}
  postgres::Partitions* operator->() { return &partitions_; }

 private:
  static const std::string& url_of(const Config& config) {
    if (!config.on_sqlite()) return config.database_url;
    throw ConfigError(
        "only PostgreSQL has partitions; database_url names SQLite, which is one file");
  }

  const crypto::SystemClock clock_;
  postgres::Partitions partitions_;
};

Quarter parse(const std::string& name) {
  if (const auto quarter = Quarter::parse(name)) return *quarter;
  throw ConfigError(fmt::format(
      "\"{}\" is no quarter: give one as `rubricon db partitions list` shows it, such as 2025q4",
      name));
}

const char* word(PartitionState state) {
  switch (state) {
    case PartitionState::attached: return "attached";
    case PartitionState::apart: return "detached";  // tidy: allow detached because people read it
    case PartitionState::archived: return "archived";
  }
  return "";
}

std::string size_of(std::int64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024.0 * 1024.0));
}

void print(const std::string& line) {
  std::printf("%s\n", line.c_str());
}

}  // namespace

int list_partitions(const Config& config) {
  const auto list = Opened(config)->list();
  print(fmt::format("{:<9} {:<8} {:>12} {:>12}  {}", "TABLE", "QUARTER", "ROWS", "SIZE", "STATE"));
  for (const auto& each : list.partitions) {
    print(fmt::format("{:<9} {:<8} {:>12} {:>12}  {}{}{}", each.parent, each.quarter.to_string(),
                      each.rows, each.archive.empty() ? size_of(each.bytes) : "-", word(each.state),
                      each.archive.empty() ? "" : " in ", each.archive));
  }
  if (list.missing.empty()) return 0;
  print(fmt::format("missing: {}; run `rubricon db partitions ensure`",
                    fmt::join(list.missing, ", ")));
  return 1;
}

int ensure_partitions(const Config& config) {
  const auto made = Opened(config)->ensure();
  print(made.empty() ? "nothing was missing" : fmt::format("made {}", fmt::join(made, ", ")));
  return 0;
}

int detach_partition(const Config& config, const std::string& name) {
  const auto quarter = parse(name);
  const bool now = Opened(config)->detach(quarter) == postgres::Partitions::Detached::now;
  print(
      fmt::format("{0} {1}; its tables stay in the database. Next: `rubricon db partitions "
                  "archive {0}`, or `restore {0}`",
                  quarter.to_string(), now ? "is taken out" : "was taken out before"));
  return 0;
}

int archive_partition(const Config& config, const std::string& name, const std::string& folder) {
  const auto quarter = parse(name);
  const auto to = folder.empty() ? config.data_dir / "archive" : std::filesystem::path(folder);
  const auto archived = Opened(config)->archive(quarter, to);
  const auto& tables = archived.summary.tables;
  print(
      fmt::format("{}: {} messages and {} events are in {}, which was read back; the tables are "
                  "dropped. Keep the file: it is the only copy",
                  quarter.to_string(), tables[0].rows, tables[1].rows, archived.file.string()));
  return 0;
}

int restore_partition(const Config& config, const std::string& file_or_name) {
  Opened partitions(config);
  const auto quarter = Quarter::parse(file_or_name);
  const auto restored = quarter ? partitions->restore(*quarter)
                                : partitions->restore(std::filesystem::path(file_or_name));
  const bool now = restored == postgres::Partitions::Restored::now;
  print(fmt::format("{} {}", file_or_name, now ? "is attached again" : "was attached before"));
  return 0;
}

}  // namespace rubricon::app
