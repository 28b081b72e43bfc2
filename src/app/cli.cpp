#include <rubricon/app/cli.hpp>

#include <rubricon/app/config.hpp>
#include <rubricon/app/inspect.hpp>
#include <rubricon/app/keys_rotate.hpp>
#include <rubricon/app/serve.hpp>
#include <rubricon/app/user_add.hpp>

#include <CLI/CLI.hpp>

#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#include <cstdio>
#include <iostream>
#include <map>

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

/// What is typed on a terminal is not shown while this lives.
class EchoOff {
 public:
  EchoOff() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;  // no terminal: nothing is echoed
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~EchoOff() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

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
    option("--listen", "listen", "address for browsers, default 127.0.0.1:3000");
    option("--admin-listen", "admin_listen", "address for metrics, default 127.0.0.1:9464");
    option("--data-dir", "data_dir", "folder of database and keys, default ./data");
    option("--client-dir", "client_dir", "built page to serve");
    option("--signup", "signup", "first, invite or open; default open on loopback, else invite");
    option("--public-origins", "public_origins", "origins of the page, comma separated");
    option("--trusted-proxies", "trusted_proxies", "proxies whose X-Forwarded-For is believed");
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

/// The password is read from standard input, so that it is in no process list and no history.
NewAccount read_account(const std::string& email, const std::string& name) {
  std::cerr << "password for " << email << ": " << std::flush;
  NewAccount account{.email = email, .name = name};
  {
    const EchoOff hidden;
    std::getline(std::cin, account.password);
  }
  std::cerr << '\n';
  return account;
}

CLI::App* add_keys_rotate(CLI::App& cli, std::uint32_t& overlap) {
  auto* keys = cli.add_subcommand("keys", "what access tokens are signed with");
  keys->require_subcommand(1);
  auto* rotate = keys->add_subcommand(
      "rotate", "sign with a new key from now on; a running server takes it by itself");
  rotate->add_option("--overlap", overlap, "seconds that tokens of the old key still count")
      ->capture_default_str();
  return rotate;
}

}  // namespace

int run_cli(int argc, char** argv) {
  CLI::App cli(
      "Rubricon: grading rubrics, worked out by teachers and an AI, live on every device.");
  cli.require_subcommand(1);
  ::umask(S_IRWXG | S_IRWXO);  // database, keys and backups are the account's own
  cli.set_version_flag("--version", RUBRICON_VERSION);
  SharedOptions shared;
  std::string email, name;

  auto* serve_command = cli.add_subcommand("serve", "run the server until SIGTERM or Ctrl-C");
  auto* migrate_command = cli.add_subcommand("migrate", "bring the database's schema up to date");
  auto* user_command = cli.add_subcommand("user", "accounts");
  auto* user_add_command =
      user_command->add_subcommand("add", "make an account; the server must not run");
  user_command->require_subcommand(1);
  std::uint32_t overlap = keys_overlap_default.count();
  auto* rotate_command = add_keys_rotate(cli, overlap);
  auto* verify_command = cli.add_subcommand(
      "verify", "hold the promises' rules against the database; also while the server runs");
  auto* events_command = cli.add_subcommand("events", "the log of everything that happened");
  auto* tail_command =
      events_command->add_subcommand("tail", "print a chat's events as JSON lines");
  auto* rebuild_command = events_command->add_subcommand(
      "rebuild", "rebuild every chat from its events and compare with what the tables hold");
  events_command->require_subcommand(1);
  TailRequest tail;
  tail_command->add_option("chat", tail.chat, "the chat's id")->required();
  tail_command->add_option("--after", tail.after, "only events after this number");
  tail_command->add_flag("--follow,-f", tail.follow, "go on printing what happens");
  auto* config_command =
      cli.add_subcommand("config", "print the settings and where each came from");
  bool shown = true;
  config_command->add_flag("--show", shown, "the same; the default");
  for (auto* command : {serve_command, migrate_command, user_add_command, rotate_command,
                        verify_command, tail_command, rebuild_command, config_command}) {
    shared.add_to(*command);
  }
  user_add_command->add_option("email", email, "e-mail address")->required();
  user_add_command->add_option("name", name, "name shown to others")->required();
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int status = cli.exit(error);
    return status == 0 ? 0 : 2;
  }

  try {
    const auto loaded = shared.load();
    if (config_command->parsed()) return show(loaded), 0;
    if (migrate_command->parsed()) return migrate(loaded.config);
    if (user_add_command->parsed()) {
      return user_add(loaded.config, read_account(email, name));
    }
    if (rotate_command->parsed()) return rotate_keys(loaded.config, std::chrono::seconds(overlap));
    if (verify_command->parsed()) return verify(loaded.config);
    if (rebuild_command->parsed()) return rebuild_events(loaded.config);
    if (tail_command->parsed()) return tail_events(loaded.config, tail);
    return serve(loaded.config);
  } catch (const ConfigError& error) {
    std::fprintf(stderr, "rubricon: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rubricon: %s\n", error.what());
    return 1;
  }
}

}  // namespace rubricon::app
