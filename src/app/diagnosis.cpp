#include <rubricon/app/diagnosis.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace rubricon::app {
namespace {

using Grade = Finding::Grade;

constexpr std::uintmax_t mib = 1024 * 1024;
/// Below the first a day of a school may not fit, below the second the next minute.
constexpr std::uintmax_t space_wanted = 1024 * mib;
constexpr std::uintmax_t space_needed = 64 * mib;
/// Of a server's connections; our pools and psql want the rest.
constexpr std::int64_t connections_percent_max = 80;
constexpr int redis_oldest = 6;

/// A schema that is not the program's, or nothing.
Findings about_schema(const char* subject, std::int64_t found, std::int64_t known) {
  if (found == known) return {};
  if (found > known) {
    return {{Grade::broken, subject,
             fmt::format("the database has schema version {}, written by a newer Rubricon; this "
                         "program knows versions up to {}",
                         found, known),
             "use the newer program, or restore a backup"}};
  }
  return {{Grade::doubtful, subject,
           found == 0 ? std::string("there is no schema yet")
                      : fmt::format("the schema has version {} of {}", found, known),
           "rubricon migrate, or start the server, which does the same"}};
}

int major_of(const std::string& version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

}  // namespace

Findings diagnose(const Config& config) {
  Findings findings;
  const auto loopback_only = [](const std::string& origin) {
    return origin.contains("//localhost") || origin.contains("//127.") ||
           origin.contains("//[::1]");
  };
  if (!config.listen.is_loopback() && std::ranges::all_of(config.public_origins, loopback_only)) {
    findings.push_back({Grade::doubtful, "origins",
                        fmt::format("the server listens on {} for everybody, and only pages of "
                                    "this machine may use it",
                                    config.listen.to_string()),
                        "set public_origins to what stands in the browsers' address bar, such as "
                        "https://rubricon.school.example"});
  }
  if (!config.admin_listen.is_loopback()) {
    findings.push_back(
        {Grade::doubtful, "admin",
         fmt::format("metrics are shown to whoever reaches {}", config.admin_listen.to_string()),
         "set admin_listen to an address that only your monitoring reaches"});
  }
  if (!findings.empty()) return findings;
  return {{Grade::good, "settings", "nothing contradicts anything", ""}};
}

Findings diagnose_space(std::uintmax_t bytes_free) {
  const auto sentence = fmt::format("{} MiB are free in the data folder", bytes_free / mib);
  if (bytes_free >= space_wanted) return {{Grade::good, "disk", sentence, ""}};
  const bool enough = bytes_free >= space_needed;
  return {{enough ? Grade::doubtful : Grade::broken, "disk", sentence,
           "make room: with a full disk nothing can be stored, and writing resumes by itself "
           "afterwards"}};
}

Findings diagnose(const sqlite::Condition& seen) {
  if (!seen.there) {
    return {{Grade::good, "SQLite", "there is no database yet; the first start makes it", ""}};
  }
  if (!seen.damage.empty()) {
    return {{Grade::broken, "SQLite", "the file is damaged: " + seen.damage,
             "stop the server, keep the folder, and restore a backup"}};
  }
  if (auto findings = about_schema("SQLite", seen.schema, seen.schema_known); !findings.empty()) {
    return findings;
  }
  const char* looked = seen.looked_through ? "no page is damaged" : "too large to look through now";
  return {{Grade::good, "SQLite",
           fmt::format("schema {}, {} MiB, {}", seen.schema, seen.bytes / mib, looked), ""}};
}

Findings diagnose(const postgres::Condition& seen) {
  Findings findings;
  const auto add = [&findings](Grade grade, std::string sentence, std::string advice) {
    findings.push_back({grade, "PostgreSQL", std::move(sentence), std::move(advice)});
  };
  if (seen.replica) {
    add(Grade::broken, "the server is a replica and cannot be written to",
        "set database_url to the primary");
  }
  for (auto& finding : about_schema("PostgreSQL", seen.schema, seen.schema_known)) {
    findings.push_back(std::move(finding));
  }
  if (!seen.may_create && !seen.replica) {
    add(Grade::broken, "the role may not make tables, so no new quarter gets its partitions",
        "GRANT CREATE ON SCHEMA … TO the role, or make it the schema's owner");
  }
  if (!seen.partitions_missing.empty()) {
    add(Grade::doubtful,
        fmt::format("partitions are missing: {}", fmt::join(seen.partitions_missing, ", ")),
        "start an api, which makes them every minute; its log says why where it cannot");
  }
  if (!seen.durable) {
    add(Grade::doubtful,
        "fsync or synchronous_commit is off: a power failure loses what was "
        "acknowledged",
        "set both on in postgresql.conf");
  }
  if (seen.connections * 100 > seen.connections_max * connections_percent_max) {
    add(Grade::doubtful,
        fmt::format("{} of {} connections are in use", seen.connections, seen.connections_max),
        "raise max_connections, or put a pooler in between and set database_prepare to off");
  }
  if (!findings.empty()) return findings;
  add(Grade::good,
      fmt::format("{}, schema {}, {} of {} connections in use", seen.version, seen.schema,
                  seen.connections, seen.connections_max),
      "");
  return findings;
}

Findings diagnose(const postgres::ReplicaCondition& seen) {
  if (!seen.follows) {
    return {{Grade::broken, "replica", "this server follows nobody, so it is left alone",
             "set database_replica_urls to servers that follow the one of database_url"}};
  }
  if (!seen.level) {
    return {{Grade::doubtful, "replica",
             "it is more than two seconds behind, and is left alone until it is level",
             "see pg_stat_replication on the primary and the replica's log"}};
  }
  return {{Grade::good, "replica", fmt::format("{}, level with the primary", seen.version), ""}};
}

Findings diagnose(std::span<const rabbitmq::TopologyItem> seen) {
  Findings findings;
  std::string queues;
  for (const auto& item : seen) {
    switch (item.state) {
      case rabbitmq::TopologyState::present: break;
      case rabbitmq::TopologyState::missing:
        findings.push_back({Grade::doubtful, "RabbitMQ",
                            fmt::format("there is no {} {} yet", item.kind, item.name),
                            "the first server that starts makes it"});
        continue;
      case rabbitmq::TopologyState::different:
        findings.push_back({Grade::broken, "RabbitMQ", item.problem,
                            fmt::format("delete the {} {} while no server runs; it is made anew, "
                                        "and the database has everything that was in it",
                                        item.kind, item.name)});
        continue;
    }
    if (item.kind != "queue") continue;
    if (item.name.ends_with(".dead") && item.messages > 0) {
      findings.push_back({Grade::doubtful, "RabbitMQ",
                          fmt::format("{} has {} messages that no worker could take or nobody read",
                                      item.name, item.messages),
                          "nothing is missing: questions are announced again and events read from "
                          "the log; see the logs, then purge the queue"});
      continue;
    }
    queues += fmt::format("{}{} has {} messages and {} consumers", queues.empty() ? "" : ", ",
                          item.name, item.messages, item.consumers);
  }
  if (findings.empty()) findings.push_back({Grade::good, "RabbitMQ", queues, ""});
  return findings;
}

Findings diagnose(const std::optional<redis::Condition>& seen) {
  if (!seen) {
    return {{Grade::doubtful, "Redis", "works, and does not let us ask how it is",
             "allow INFO to the user, where the doctor is to look at it"}};
  }
  if (seen->role == "slave") {
    return {{Grade::broken, "Redis", "the server is a replica and cannot be written to",
             "set redis_url to the primary"}};
  }
  if (!seen->version.empty() && major_of(seen->version) < redis_oldest) {
    return {{Grade::broken, "Redis",
             fmt::format("version {} is older than {}, the oldest that we know to work",
                         seen->version, redis_oldest),
             "upgrade it"}};
  }
  if (seen->eviction_policy == "noeviction" && seen->maxmemory != "0") {
    return {{Grade::doubtful, "Redis",
             fmt::format("refuses to store anything more at {} bytes", seen->maxmemory),
             "set maxmemory-policy to volatile-ttl: all that we keep there has an end, and may be "
             "lost"}};
  }
  return {{Grade::good, "Redis", fmt::format("version {}", seen->version), ""}};
}

}  // namespace rubricon::app
