/// What the operator chose: from flags, then RUBRICON_* variables, then the file, then defaults.
#pragma once

#include <rubricon/app/config_error.hpp>
#include <rubricon/app/roles.hpp>
#include <rubricon/base/time.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rubricon::app {

struct ListenAddress {
  std::string host;        ///< numeric
  std::uint16_t port = 0;  ///< 0: any free one

  /// "127.0.0.1:3000", "[::1]:3000". Throws ConfigError.
  static ListenAddress parse(const std::string& text);
  std::string to_string() const;
  bool is_loopback() const;
  bool is_unspecified() const;  ///< every address of the machine: 0.0.0.0, ::
};

enum class Signup { first, invite, open };
enum class AdminUi { off, on };
/// What other Socket.IO servers on our Redis may do to our sockets.
enum class RedisTrust { ephemeral, full };
enum class LogStyle { automatic, json, text };

/// How much one person, one address, one account may do. Rates may be exceeded for a moment: twice
/// a second's worth at once.
struct UseLimits {
  std::uint32_t user_requests_per_second = 100;
  std::uint32_t user_messages_per_second = 20;
  std::uint32_t user_sockets = 20;
  std::uint32_t socket_events_per_second = 20;
  std::uint32_t address_requests_per_second = 2'000;
  std::uint32_t address_sockets = 2'000;
  std::uint32_t address_connects_per_second = 200;
  /// Of one account, from one address; after them one attempt every half minute.
  std::uint32_t login_failures = 10;
};

/// The models that answer, in order of preference; without any the rules do.
struct AiConfig {
  std::vector<std::string> urls;    ///< of OpenAI-compatible endpoints
  std::vector<std::string> keys;    ///< from the variable or the file; as many as URLs, or none
  std::vector<std::string> models;  ///< as many as URLs
  std::filesystem::path key_file;
  /// Whether the URLs may lead to this machine or its own network.
  bool allow_private = false;
  std::uint32_t concurrency = 8;  ///< questions that one model is asked at a time
  std::uint32_t per_user = 2;     ///< of one person
  /// Tokens of a prompt, as estimated: one for each URL, or one for all.
  std::vector<std::size_t> context_tokens = {24'000};
};

struct Config {
  Roles roles;
  ListenAddress listen{"127.0.0.1", 3000};
  ListenAddress admin_listen{"127.0.0.1", 9464};
  std::filesystem::path data_dir = "./data";
  /// "sqlite:" (a file in the data folder), or "postgresql://…".
  std::string database_url = "sqlite:";
  bool on_sqlite() const { return database_url.starts_with("sqlite:"); }
  std::filesystem::path database() const { return data_dir / "rubricon.db"; }
  /// Of servers that follow the one of database_url, for reads.
  std::vector<std::string> database_replica_urls;
  /// Off for poolers that hand out connections by transaction.
  bool database_prepare = true;
  std::string broker_url = "memory:";  ///< or "amqp://…"
  bool broker_in_memory() const { return broker_url == "memory:"; }
  std::string redis_url;  ///< empty: what may be lost stays in the process
  RedisTrust redis_trust = RedisTrust::ephemeral;
  /// Whether Node servers on that Redis hear what is stored, too.
  bool redis_bridge = false;
  /// Names of events of theirs that reach our sockets beside typing and its like.
  std::vector<std::string> redis_events;
  /// Where a gateway without an api takes what old clients send by socket: "http://127.0.0.1:3000".
  std::string api_url;
  /// Two letters with which the ids of this gateway's sessions begin, so that a proxy can route
  /// polling by them; empty: any.
  std::string gateway_id;
  AiConfig ai;
  /// Built client files; empty: no page is served.
  std::filesystem::path client_dir;
  Signup signup = Signup::open;
  /// Exact origins of pages that may use us. Default: the listen address, and localhost for
  /// loopback.
  std::vector<std::string> public_origins;
  std::vector<std::string> trusted_proxies;
  UseLimits limits;
  /// Whether administrators may look at the sockets with the Socket.IO Admin UI.
  AdminUi admin_ui = AdminUi::off;
  LogStyle log = LogStyle::automatic;
  std::string log_level = "info";
  /// What a test breaks, where; always empty in a build without failpoints.
  std::string failpoint;
  /// A file whose milliseconds are added to the clock; as above.
  std::string clock_error;
};

/// Where one setting's value came from, for `config --show`.
struct Setting {
  std::string name;    ///< the variable's name without RUBRICON_, lower case: "listen"
  std::string value;   ///< secrets hidden
  std::string source;  ///< "flag", "environment", "file" or "default"
};

/// A setting's values by its lower-case name ("data_dir"), as the flags gave them.
using Flags = std::vector<std::pair<std::string, std::string>>;
/// The process's variables by name; those that do not begin with RUBRICON_ are not looked at.
using Environment = std::map<std::string, std::string>;

struct LoadedConfig {
  Config config;
  std::vector<Setting> settings;
};

/// `file` may be empty; a name that is not there, an unknown key and a bad value are ConfigErrors.
/// So is a RUBRICON_* variable that nothing reads, or that configures what this version does not
/// have (S3, traces): silently ignored it would lose somebody's data in the wrong place.
LoadedConfig load_config(const Flags& flags, const Environment& environment,
                         const std::filesystem::path& file);

}  // namespace rubricon::app
