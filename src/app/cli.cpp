#include <rubricon/app/cli.hpp>

#include <rubricon/app/canary_command.hpp>
#include <rubricon/app/config.hpp>
#include <rubricon/app/dead_jobs.hpp>
#include <rubricon/app/doctor.hpp>
#include <rubricon/app/import_legacy.hpp>
#include <rubricon/app/inspect.hpp>
#include <rubricon/app/keys_rotate.hpp>
#include <rubricon/app/new_epoch.hpp>
#include <rubricon/app/partitions_command.hpp>
#include <rubricon/app/replay.hpp>
#include <rubricon/app/rubric_files.hpp>
#include <rubricon/app/secret_input.hpp>
#include <rubricon/app/serve.hpp>
#include <rubricon/app/url_password.hpp>
#include <rubricon/app/user_add.hpp>
#include <rubricon/app/user_admin.hpp>
#include <rubricon/app/user_password.hpp>

#include <CLI/CLI.hpp>

#include <sys/stat.h>
#include <unistd.h>
#include <cstdio>
#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace rubricon::app {
namespace {

Environment process_environment() {
  Environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const auto equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return variables;
}

/// Options that several commands share, gathered as the texts that were given.
struct SharedOptions {
  std::map<std::string, std::string> given;
  std::string file;

  void add_to(CLI::App& command) {
    const auto option = [&](const char* flag, const char* setting, const char* help) {
      command.add_option_function<std::string>(
          flag, [this, setting](const std::string& value) { given[setting] = value; }, help);
    };
    command.add_option("--config", file, "TOML file with settings");
    option("--roles", "roles", "api, gateway, worker or several with commas; default all");
    option("--listen", "listen",
           "address for browsers, default 127.0.0.1:3000; a gateway alone :3001, a worker :3002");
    option("--admin-listen", "admin_listen", "address for metrics, default 127.0.0.1:9464");
    option("--data-dir", "data_dir", "folder of database and keys, default ./data");
    option("--database-url", "database_url", "sqlite: (the default) or postgresql://…");
    option("--broker-url", "broker_url", "memory: (the default) or amqp://…");
    option("--redis-url", "redis_url",
           "redis://…; without it what may be lost stays in the process");
    option("--api-url", "api_url", "where a gateway alone finds an api");
    option("--gateway-id", "gateway_id",
           "two letters that begin the ids of this gateway's sessions");
    option("--client-dir", "client_dir", "built page to serve");
    option("--signup", "signup", "first, invite or open; default open on loopback, else invite");
    option("--public-origins", "public_origins", "origins of the page, comma separated");
    option("--trusted-proxies", "trusted_proxies", "proxies whose X-Forwarded-For is believed");
    option("--admin-ui", "admin_ui", "off, or on: the namespace /admin of the Socket.IO Admin UI");
    option("--log", "log", "json, text or auto (text on a terminal)");
    option("--log-level", "log_level", "debug, info, warning or error");
  }

  LoadedConfig load() const {
    return load_config(Flags(given.begin(), given.end()), process_environment(), file);
  }
};

void show(const LoadedConfig& loaded) {
  for (const auto& setting : loaded.settings) {
    std::printf("%-28s = %-40s # %s\n", setting.name.c_str(), ("\"" + setting.value + "\"").c_str(),
                setting.source.c_str());
  }
}

/// Every command with its options, and what it does once the settings are known.
class CommandLine {
 public:
  CommandLine() {
    cli_.require_subcommand(1);
    cli_.set_version_flag("--version", RUBRICON_VERSION);
    add_server();
    add_accounts();
    add_keys();
    add_verify();
    add_events();
    add_database();
    add_jobs();
    add_import();
    add_rubric();
  }

  void parse(int argc, char** argv) { cli_.parse(argc, argv); }
  int explain(const CLI::ParseError& error) {
    const auto unknown = cli_.remaining(true);
    if (error.get_name() == "RequiredError" && !unknown.empty()) {
      std::fprintf(stderr, "rubricon: there is no command \"%s\" here; --help lists them\n",
                   unknown.front().c_str());
      return 2;
    }
    return cli_.exit(error) == 0 ? 0 : 2;
  }

  int run() const {
    const auto loaded = shared_.load();
    for (const auto& [command, action] : commands_) {
      if (command->parsed()) return action(loaded);
    }
    throw ConfigError("no such command");
  }

 private:
  using Action = std::function<int(const LoadedConfig&)>;

  CLI::App& add(CLI::App& parent, const char* name, const char* help, Action action) {
    auto* command = parent.add_subcommand(name, help);
    shared_.add_to(*command);
    commands_.emplace_back(command, std::move(action));
    return *command;
  }

  void add_server() {
    add(cli_, "serve", "run the server until SIGTERM or Ctrl-C",
        [](const LoadedConfig& loaded) { return serve(loaded.config); });
    add(cli_, "migrate", "bring the database's schema up to date",
        [](const LoadedConfig& loaded) { return migrate(loaded.config); });
    auto& config = add(cli_, "config", "print the settings and where each came from",
                       [](const LoadedConfig& loaded) { return show(loaded), 0; });
    config.add_flag("--show", shown_, "the same; the default");
    add(cli_, "doctor", "look at the settings and every service they name; say what is wrong",
        [](const LoadedConfig& loaded) { return doctor(loaded.config); });
  }

  void add_accounts() {
    auto* user = cli_.add_subcommand("user", "accounts");
    user->require_subcommand(1);
    auto& made = add(*user, "add", "make an account; the server must not run",
                     [this](const LoadedConfig& loaded) {
                       auto account = account_;
                       account.password = read_secret("password for " + account.email + ": ");
                       return user_add(loaded.config, account);
                     });
    made.add_option("email", account_.email, "e-mail address")->required();
    made.add_option("name", account_.name, "name shown to others")->required();
    auto& password = add(*user, "password", "set an account's password; its sessions end",
                         [this](const LoadedConfig& loaded) {
                           const auto secret = read_secret("password for " + account_.email + ": ");
                           return set_user_password(loaded.config, account_.email, secret);
                         });
    password.add_option("email", account_.email, "e-mail address")->required();
    add(*user, "list", "print the accounts of the running server",
        [](const LoadedConfig& loaded) { return list_users(loaded.config); });
    auto& disable =
        add(*user, "disable", "sign an account out everywhere, and in no more; the server must run",
            [this](const LoadedConfig& loaded) {
              return set_user_disabled(loaded.config, account_.email, true);
            });
    disable.add_option("email", account_.email, "e-mail address")->required();
    auto& enable = add(*user, "enable", "let a disabled account sign in again",
                       [this](const LoadedConfig& loaded) {
                         return set_user_disabled(loaded.config, account_.email, false);
                       });
    enable.add_option("email", account_.email, "e-mail address")->required();
  }

  void add_keys() {
    auto* keys = cli_.add_subcommand("keys", "what access tokens are signed with");
    keys->require_subcommand(1);
    auto& rotate =
        add(*keys, "rotate", "sign with a new key from now on; a running server takes it by itself",
            [this](const LoadedConfig& loaded) {
              return rotate_keys(loaded.config, std::chrono::seconds(overlap_));
            });
    rotate.add_option("--overlap", overlap_, "seconds that tokens of the old key still count")
        ->capture_default_str();
  }

  void add_verify() {
    auto& command =
        add(cli_, "verify",
            "hold the promises' rules against the database, also while the server runs; or, with "
            "--canary, send messages through the whole path",
            [this](const LoadedConfig& loaded) {
              return by_canary_ ? verify_by_canary(loaded.config, canary_) : verify(loaded.config);
            });
    auto* canary = command.add_flag("--canary", by_canary_,
                                    "post, hear and see answered a message a minute, as a client");
    const auto option = [&](const char* flag, auto& value, const char* help) {
      command.add_option(flag, value, help)->needs(canary);
    };
    command
        .add_flag("--once", canary_.once, "one message; the exit status is 0 where all went well")
        ->needs(canary);
    option("--url", canary_.url, "the server, http://127.0.0.1:3000 by default");
    option("--email", canary_.email, "account of the canary, which nobody else uses");
    option("--password-file", canary_.password_file,
           "file with its password, otherwise read from standard input");
    option("--every", canary_.every_s, "seconds from one message to the next, 60 by default");
    option("--answer-within", canary_.answer_within_s, "seconds for the assistant, 60 by default");
    option("--metrics-listen", canary_.metrics_listen,
           "address where /metrics of the canary are served meanwhile");
  }

  void add_events() {
    auto* events = cli_.add_subcommand("events", "the log of everything that happened");
    events->require_subcommand(1);
    auto& tail =
        add(*events, "tail", "print a chat's events as JSON lines",
            [this](const LoadedConfig& loaded) { return tail_events(loaded.config, tail_); });
    tail.add_option("chat", tail_.chat, "the chat's id")->required();
    tail.add_option("--after", tail_.after, "only events after this number");
    tail.add_flag("--follow,-f", tail_.follow, "go on printing what happens");
    add(*events, "rebuild",
        "rebuild every chat from its events and compare with what the tables hold",
        [](const LoadedConfig& loaded) { return rebuild_events(loaded.config); });
    auto& replay =
        add(*events, "replay", "publish stored events again to the consumers of the running server",
            [this](const LoadedConfig& loaded) { return replay_events(loaded.config, replay_); });
    replay.add_option("stream", replay_.stream, "chat:<id>, user:<id>, or the id of a chat");
    replay.add_flag("--all", replay_.all, "every chat");
    replay.add_option("--after", replay_.after, "only events after this number")
        ->check(CLI::NonNegativeNumber);
    replay.add_option("--until", replay_.until, "only events up to this number");
    replay.add_flag("--dry-run", replay_.dry_run, "only say what would be published");
    add(*events, "new-epoch",
        "after a backup was restored, with the servers stopped: clients read everything anew",
        [](const LoadedConfig& loaded) { return begin_new_epoch(loaded.config); });
  }

  void add_jobs() {
    auto* jobs = cli_.add_subcommand("jobs", "questions to the assistant");
    auto* dead = jobs->require_subcommand(1)->add_subcommand("dead", "those that were given up");
    dead->require_subcommand(1);
    auto& list = add(
        *dead, "list", "print them, newest first; the server must run",
        [this](const LoadedConfig& loaded) { return list_dead_jobs(loaded.config, dead_limit_); });
    list.add_option("--limit", dead_limit_, "lines at most")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    auto& explain = add(
        *dead, "explain", "say what happened to one, and what to do",
        [this](const LoadedConfig& loaded) { return explain_dead_job(loaded.config, dead_job_); });
    explain.add_option("job", dead_job_, "its id")->required();
    auto& replay =
        add(*dead, "replay", "ask one again, or all", [this](const LoadedConfig& loaded) {
          if (dead_all_ != dead_job_.empty()) throw ConfigError("give either a job or --all");
          return dead_all_ ? replay_dead_jobs(loaded.config)
                           : replay_dead_job(loaded.config, dead_job_);
        });
    replay.add_option("job", dead_job_, "its id");
    replay.add_flag("--all", dead_all_, "every one that is dead now");
  }

  void add_database() {
    auto* database = cli_.add_subcommand("db", "what only some databases have");
    database->require_subcommand(1);
    auto* partitions = database->add_subcommand(
        "partitions", "the quarters of messages and events, on PostgreSQL");
    partitions->require_subcommand(1);
    add(*partitions, "list", "print them, and which are needed and missing",
        [](const LoadedConfig& loaded) { return list_partitions(loaded.config); });
    add(*partitions, "ensure", "make those of this quarter and of two ahead",
        [](const LoadedConfig& loaded) { return ensure_partitions(loaded.config); });
    const auto named = [&](const char* name, const char* help, Action action) -> CLI::App& {
      auto& command = add(*partitions, name, help, std::move(action));
      command.add_option("quarter", partition_, "such as 2025q4")->required();
      return command;
    };
    named(
        "detach", "take the oldest quarter out of the tables; it stays in the database",
        [this](const LoadedConfig& loaded) { return detach_partition(loaded.config, partition_); });
    named("archive", "write a quarter that was taken out to a file, and drop its tables",
          [this](const LoadedConfig& loaded) {
            return archive_partition(loaded.config, partition_, archive_to_);
          })
        .add_option("--to", archive_to_, "folder of the file, default archive in the data folder");
    auto& restore =
        add(*partitions, "restore", "attach a quarter again", [this](const LoadedConfig& loaded) {
          return restore_partition(loaded.config, partition_);
        });
    restore.add_option("file-or-quarter", partition_, "an archive's file, or such as 2025q4")
        ->required();
  }

  void add_import() {
    auto* import = cli_.add_subcommand("import", "what other systems have");
    import->require_subcommand(1);
    auto& legacy =
        add(*import, "legacy",
            "take over people, chats and messages of the system before this one; no server must "
            "run",
            [this](const LoadedConfig& loaded) { return import_legacy(loaded.config, legacy_); });
    legacy.add_option("url", legacy_.url, "postgresql://… of its database; PGPASSFILE is heeded")
        ->required();
    legacy.add_option("--report", legacy_.report, "file for what was done, as JSON");
    legacy.add_flag("--dry-run", legacy_.dry_run, "only read, and say what would be taken over");
  }

  void add_rubric() {
    auto* rubric = cli_.add_subcommand("rubric", "rubrics as files; no server is needed");
    rubric->require_subcommand(1);
    const auto add_one = [&](const char* name, const char* help, Action action) -> CLI::App& {
      auto* command = rubric->add_subcommand(name, help);
      commands_.emplace_back(command, std::move(action));
      return *command;
    };
    add_one("formats", "print what there is to export to and import from",
            [](const LoadedConfig&) { return list_rubric_formats(); });
    auto& exported =
        add_one("export", "write a document in our JSON as another format, to standard output",
                [this](const LoadedConfig&) { return export_rubric_file(rubric_file_); });
    exported.add_option("--format", rubric_file_.format, "such as xlsx")->required();
    exported.add_option("--language", rubric_file_.language,
                        "en, zh-TW or both; default what the document says of itself");
    auto& imported =
        add_one("import", "read a file and print our JSON; what does not fit is said",
                [this](const LoadedConfig&) { return import_rubric_file(rubric_file_); });
    imported.add_option("--format", rubric_file_.format, "default what the file looks like");
    imported.add_option("--hidden", rubric_file_.hidden,
                        "text that nobody sees in it: keep or leave-out; default leave-out");
    imported.add_option("--rubric", rubric_file_.rubric, "of a file with several, which one")
        ->check(CLI::PositiveNumber);
    for (auto* command : {&exported, &imported}) {
      command->add_option("file", rubric_file_.file, "default standard input");
    }
  }

  CLI::App cli_{
      "Rubricon: grading rubrics, worked out by teachers and an AI, live on every device."};
  SharedOptions shared_;
  NewAccount account_;
  std::uint32_t overlap_ = keys_overlap_default.count();
  TailRequest tail_;
  CanaryRequest canary_;
  ReplayRequest replay_;
  std::string partition_;
  std::string archive_to_;
  std::size_t dead_limit_ = 50;
  std::string dead_job_;
  bool dead_all_ = false;
  LegacyRequest legacy_;
  RubricFileRequest rubric_file_;
  bool by_canary_ = false;
  bool shown_ = true;
  std::vector<std::pair<CLI::App*, Action>> commands_;
};

}  // namespace

int run_cli(int argc, char** argv) {
  ::umask(S_IRWXG | S_IRWXO);  // database, keys and backups are the account's own
  CommandLine line;
  try {
    line.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return line.explain(error);
  }
  hide_passwords({argv, static_cast<std::size_t>(argc)});
  try {
    return line.run();
  } catch (const ConfigError& error) {
    std::fprintf(stderr, "rubricon: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rubricon: %s\n", error.what());
    return 1;
  }
}

}  // namespace rubricon::app
