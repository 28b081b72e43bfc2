#include <rubricon/app/config.hpp>

#include <rubricon/app/ai_settings.hpp>
#include <rubricon/app/config_rules.hpp>
#include <rubricon/base/failpoint.hpp>
#include <rubricon/net/proxy_trust.hpp>
#include <rubricon/rabbitmq/endpoint.hpp>
#include <rubricon/redis/address.hpp>
#include <rubricon/redis/foreign_names.hpp>
#include <rubricon/rest_client/target.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>
#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

namespace rubricon::app {
namespace {

/// What stands between the commas, without the spaces around it.
std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  std::string item;
  for (const char c : text + ",") {
    if (c != ',') {
      if (c != ' ' || !item.empty()) item += c;
      continue;
    }
    item.resize(item.find_last_not_of(' ') + 1);
    if (!item.empty()) items.push_back(std::exchange(item, {}));
  }
  return items;
}

Signup parse_signup(const std::string& text) {
  if (text == "first") return Signup::first;
  if (text == "invite") return Signup::invite;
  if (text == "open") return Signup::open;
  throw ConfigError(fmt::format("\"{}\" is no choice: use first, invite or open", text));
}

LogStyle parse_log_style(const std::string& text) {
  if (text == "auto") return LogStyle::automatic;
  if (text == "json") return LogStyle::json;
  if (text == "text") return LogStyle::text;
  throw ConfigError(fmt::format("\"{}\" is no choice: use auto, json or text", text));
}

bool parse_on_off(const std::string& text) {
  if (text == "off" || text == "on") return text == "on";
  throw ConfigError(fmt::format("\"{}\" is no choice: use off or on", text));
}

std::string parse_database_url(const std::string& text) {
  for (const char* known : {"sqlite:", "postgresql://", "postgres://"}) {
    if (text.starts_with(known)) return text;
  }
  throw ConfigError("use sqlite: or postgresql://user:password@host:port/database");
}

std::vector<std::string> parse_replicas(const std::string& text) {
  auto urls = split_list(text);
  for (const auto& url : urls) {
    if (url.starts_with("postgresql://") || url.starts_with("postgres://")) continue;
    throw ConfigError("use postgresql://user:password@host:port/database, several with commas");
  }
  return urls;
}

std::string parse_broker_url(const std::string& text) {
  if (text == "memory:") return text;
  if (const auto endpoint = rabbitmq::Endpoint::parse(text); !endpoint) {
    throw ConfigError(endpoint.error().detail + "; use memory: or amqp://user:password@host/vhost");
  }
  return text;
}

std::string parse_redis_url(const std::string& text) {
  if (text.empty()) return text;
  if (const auto address = redis::parse_address(text); !address) {
    throw ConfigError(address.error().detail + "; use redis://user:password@host:port");
  }
  return text;
}

RedisTrust parse_redis_trust(const std::string& text) {
  if (text == "ephemeral") return RedisTrust::ephemeral;
  if (text == "full") return RedisTrust::full;
  throw ConfigError(fmt::format("\"{}\" is no choice: use ephemeral or full", text));
}

std::vector<std::string> parse_redis_events(const std::string& text) {
  constexpr std::size_t names_max = 32;
  constexpr std::size_t characters_max = 64;
  const auto visible = [](char c) { return c > ' ' && c <= '~'; };
  auto names = split_list(text);
  if (names.size() > names_max) {
    throw ConfigError(
        fmt::format("these are {} names, at most {} may be", names.size(), names_max));
  }
  for (const auto& name : names) {
    if (name.size() > characters_max || !std::ranges::all_of(name, visible)) {
      throw ConfigError(fmt::format("\"{}\" is no name of an event: use 1 to {} visible characters",
                                    name, characters_max));
    }
    if (redis::only_ours(name)) {
      throw ConfigError(fmt::format(
          "\"{}\" is said by this server alone, other servers may not say it: leave it out", name));
    }
  }
  return names;
}

std::string parse_api_url(const std::string& text) {
  if (rest_client::Target::parse(text)) return text;
  throw ConfigError(
      fmt::format("\"{}\" is no address: use one such as http://127.0.0.1:3000", text));
}

std::string parse_gateway_id(const std::string& text) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  if (text.empty() || (text.size() == 2 && std::ranges::all_of(text, plain))) return text;
  throw ConfigError(fmt::format("\"{}\" is no name: use two letters or digits", text));
}

bool is_origin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const auto authority = text.substr(scheme.size());
    return !authority.empty() && authority.find_first_of("/?#@\\ \t") == std::string_view::npos;
  }
  return false;
}

std::vector<std::string> parse_origins(const std::string& text) {
  auto origins = split_list(text);
  for (const auto& origin : origins) {
    if (is_origin(origin)) continue;
    throw ConfigError(
        fmt::format("\"{}\" is no origin: an origin is scheme, host and port as browsers send it, "
                    "such as https://rubricon.school.example",
                    origin));
  }
  return origins;
}

std::vector<std::string> parse_proxies(const std::string& text) {
  auto proxies = split_list(text);
  try {
    const net::ProxyTrust readable(proxies);
  } catch (const std::invalid_argument& error) {
    throw ConfigError(fmt::format("{}; give numbers, such as 127.0.0.1 or 10.0.0.0/8, and no names",
                                  error.what()));
  }
  return proxies;
}

std::string parse_log_level(const std::string& text) {
  for (const char* level : {"debug", "info", "warning", "error"}) {
    if (text == level) return text;
  }
  throw ConfigError(fmt::format("\"{}\" is no choice: use debug, info, warning or error", text));
}

std::uint32_t parse_limit(const std::string& text) {
  constexpr std::uint32_t limit_max = 1'000'000;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > limit_max) {
    throw ConfigError(
        fmt::format("\"{}\" is no limit: use a whole number from 1 to {}", text, limit_max));
  }
  return value;
}

/// Applies the text of one of the limits.
template <std::uint32_t UseLimits::* limit>
void apply_limit(Config& config, const std::string& text) {
  config.limits.*limit = parse_limit(text);
}

#ifdef RUBRICON_FAILPOINTS
std::string parse_failpoint(const std::string& text) {
  if (auto mistake = base::failpoint_mistake(text); !mistake.empty()) {
    throw ConfigError(mistake);
  }
  return text;
}
#endif

/// One setting: its name, its default as text, and how its text becomes part of the Config.
struct Option {
  const char* name;
  const char* fallback;
  void (*apply)(Config&, const std::string&);
};

constexpr std::array options = {
    Option{"roles", "api,gateway,worker",
           [](Config& c, const std::string& v) { c.roles = Roles::parse(v); }},
    Option{"listen", "127.0.0.1:3000",
           [](Config& c, const std::string& v) { c.listen = ListenAddress::parse(v); }},
    Option{"admin_listen", "127.0.0.1:9464",
           [](Config& c, const std::string& v) { c.admin_listen = ListenAddress::parse(v); }},
    Option{"data_dir", "./data", [](Config& c, const std::string& v) { c.data_dir = v; }},
    Option{"database_url", "sqlite:",
           [](Config& c, const std::string& v) { c.database_url = parse_database_url(v); }},
    Option{"database_replica_urls", "",
           [](Config& c, const std::string& v) { c.database_replica_urls = parse_replicas(v); }},
    Option{"database_prepare", "on",
           [](Config& c, const std::string& v) { c.database_prepare = parse_on_off(v); }},
    Option{"broker_url",
           "memory:", [](Config& c, const std::string& v) { c.broker_url = parse_broker_url(v); }},
    Option{"redis_url", "",
           [](Config& c, const std::string& v) { c.redis_url = parse_redis_url(v); }},
    Option{"redis_trust", "ephemeral",
           [](Config& c, const std::string& v) { c.redis_trust = parse_redis_trust(v); }},
    Option{"redis_bridge", "off",
           [](Config& c, const std::string& v) { c.redis_bridge = parse_on_off(v); }},
    Option{"redis_events", "",
           [](Config& c, const std::string& v) { c.redis_events = parse_redis_events(v); }},
    Option{"api_url", "http://127.0.0.1:3000",
           [](Config& c, const std::string& v) { c.api_url = parse_api_url(v); }},
    Option{"gateway_id", "",
           [](Config& c, const std::string& v) { c.gateway_id = parse_gateway_id(v); }},
    Option{"ai_url", "", [](Config& c, const std::string& v) { c.ai.urls = split_list(v); }},
    Option{"ai_key", "",
           [](Config& c, const std::string& v) { c.ai.keys = parse_ai_keys(split_list(v)); }},
    Option{"ai_key_file", "", [](Config& c, const std::string& v) { c.ai.key_file = v; }},
    Option{"ai_model", "",
           [](Config& c, const std::string& v) { c.ai.models = parse_ai_models(split_list(v)); }},
    Option{"ai_concurrency", "8",
           [](Config& c, const std::string& v) { c.ai.concurrency = parse_limit(v); }},
    Option{"ai_user_concurrency", "2",
           [](Config& c, const std::string& v) { c.ai.per_user = parse_limit(v); }},
    Option{"ai_context_tokens", "24000",
           [](Config& c, const std::string& v) {
             c.ai.context_tokens = parse_ai_context_tokens(split_list(v));
           }},
    Option{"ai_allow_private", "off",
           [](Config& c, const std::string& v) { c.ai.allow_private = parse_on_off(v); }},
    Option{"client_dir", "", [](Config& c, const std::string& v) { c.client_dir = v; }},
    Option{"signup", "",
           [](Config& c, const std::string& v) {
             if (!v.empty()) c.signup = parse_signup(v);
           }},
    Option{"public_origins", "",
           [](Config& c, const std::string& v) { c.public_origins = parse_origins(v); }},
    Option{"trusted_proxies", "",
           [](Config& c, const std::string& v) { c.trusted_proxies = parse_proxies(v); }},
    Option{"user_requests_per_second", "100", apply_limit<&UseLimits::user_requests_per_second>},
    Option{"user_messages_per_second", "20", apply_limit<&UseLimits::user_messages_per_second>},
    Option{"user_sockets", "20", apply_limit<&UseLimits::user_sockets>},
    Option{"socket_events_per_second", "20", apply_limit<&UseLimits::socket_events_per_second>},
    Option{"address_requests_per_second", "2000",
           apply_limit<&UseLimits::address_requests_per_second>},
    Option{"address_sockets", "2000", apply_limit<&UseLimits::address_sockets>},
    Option{"address_connects_per_second", "200",
           apply_limit<&UseLimits::address_connects_per_second>},
    Option{"login_failures", "10", apply_limit<&UseLimits::login_failures>},
    Option{"admin_ui", "off",
           [](Config& c,
              const std::string& v) { c.admin_ui = parse_on_off(v) ? AdminUi::on : AdminUi::off; }},
    Option{"log", "auto", [](Config& c, const std::string& v) { c.log = parse_log_style(v); }},
    Option{"log_level", "info",
           [](Config& c, const std::string& v) { c.log_level = parse_log_level(v); }},
#ifdef RUBRICON_FAILPOINTS
    Option{"failpoint", "",
           [](Config& c, const std::string& v) { c.failpoint = parse_failpoint(v); }},
    Option{"clock_error", "", [](Config& c, const std::string& v) { c.clock_error = v; }},
#endif
};

/// Settings of other engines, which this version does not speak to yet, with the only value it has.
constexpr std::array<std::pair<const char*, const char*>, 3> elsewhere = {{
    {"blob_url", "file:"},
    {"otlp_url", ""},
    {"zipkin_url", ""},
}};

bool is_setting(const std::string& name) {
  return std::ranges::any_of(options, [&](const auto& option) { return name == option.name; }) ||
         std::ranges::any_of(elsewhere, [&](const auto& other) { return name == other.first; });
}

/// As it would be written in a variable; nothing where no setting can look so.
std::optional<std::string> text_of(const toml::node& node) {
  if (node.is_string()) return node.value<std::string>();
  if (node.is_integer()) return fmt::format("{}", node.value<std::int64_t>().value_or(0));
  const auto* list = node.as_array();
  if (list == nullptr) return std::nullopt;
  std::vector<std::string> items;
  for (const auto& item : *list) {
    auto text = item.is_array() ? std::nullopt : text_of(item);
    if (!text) return std::nullopt;
    items.push_back(std::move(*text));
  }
  return fmt::format("{}", fmt::join(items, ","));
}

std::map<std::string, std::string> read_file(const std::filesystem::path& file) {
  std::map<std::string, std::string> values;
  if (file.empty()) return values;
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(file, unreadable)) {
    throw ConfigError(fmt::format("there is no file {}", file.string()));
  }
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    throw ConfigError(
        fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    auto text = text_of(node);
    if (!text) {
      throw ConfigError(fmt::format("{}:{}: {} must be a string, a whole number or a list of them",
                                    file.string(), node.source().begin.line, name));
    }
    values[name] = std::move(*text);
  }
  for (const auto& [name, value] : values) {
    if (!is_setting(name)) {
      throw ConfigError(fmt::format("{}: there is no setting \"{}\"", file.string(), name));
    }
  }
  return values;
}

constexpr std::string_view variable_prefix = "RUBRICON_";

std::string variable_name(const std::string& setting) {
  std::string name(variable_prefix);
  for (const char c : setting) name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

/// The settings among the variables, under their own names.
std::map<std::string, std::string> read_environment(const Environment& environment) {
  std::map<std::string, std::string> values;
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with(variable_prefix)) continue;
    std::string name = variable.substr(variable_prefix.size());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (variable != variable_name(name) || !is_setting(name)) {
      throw ConfigError(fmt::format(
          "{} is set, but there is no such setting; `rubricon config` lists them", variable));
    }
    values[name] = value;
  }
  return values;
}

void refuse_other_engines(const std::map<std::string, std::string>& variables,
                          const std::map<std::string, std::string>& file_values) {
  for (const auto& [name, only] : elsewhere) {
    std::string value;
    if (const auto in_file = file_values.find(name); in_file != file_values.end()) {
      value = in_file->second;
    }
    if (const auto set = variables.find(name); set != variables.end()) value = set->second;
    if (!value.empty() && value != only) {
      throw ConfigError(fmt::format(
          "{} is set, but this version does not have what it asks for. Unset it to go on.",
          variable_name(name)));
    }
  }
}

}  // namespace

ListenAddress ListenAddress::parse(const std::string& text) {
  const auto bad = [&] {
    return ConfigError(fmt::format(
        "\"{}\" is no address to listen on: use a numeric one such as 127.0.0.1:3000 or [::1]:3000",
        text));
  };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) throw bad();
  ListenAddress address;
  address.host = text.substr(0, colon);
  if (address.host.size() > 2 && address.host.front() == '[' && address.host.back() == ']') {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  const char* first = text.data() + colon + 1;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(first, last, address.port);
  if (first == last || end != last || error != std::errc()) throw bad();
  boost::system::error_code code;
  boost::asio::ip::make_address(address.host, code);
  if (code) throw bad();
  return address;
}

std::string ListenAddress::to_string() const {
  return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

bool ListenAddress::is_loopback() const {
  return boost::asio::ip::make_address(host).is_loopback();
}

bool ListenAddress::is_unspecified() const {
  return boost::asio::ip::make_address(host).is_unspecified();
}

LoadedConfig load_config(const Flags& flags, const Environment& environment,
                         const std::filesystem::path& file) {
  const auto file_values = read_file(file);
  const auto variables = read_environment(environment);
  refuse_other_engines(variables, file_values);
  LoadedConfig loaded;
  for (const auto& option : options) {
    Setting setting{.name = option.name, .value = option.fallback, .source = "default"};
    if (const auto in_file = file_values.find(option.name); in_file != file_values.end()) {
      setting.value = in_file->second, setting.source = "file";
    }
    if (const auto set = variables.find(option.name); set != variables.end()) {
      setting.value = set->second, setting.source = "environment";
    }
    for (const auto& [name, value] : flags) {
      if (name == option.name) setting.value = value, setting.source = "flag";
    }
    try {
      option.apply(loaded.config, setting.value);
    } catch (const ConfigError& error) {
      throw ConfigError(fmt::format("{} ({}): {}", option.name, setting.source, error.what()));
    }
    loaded.settings.push_back(std::move(setting));
  }
  complete(loaded);
  refuse_what_cannot_work(loaded.config);
  return loaded;
}

}  // namespace rubricon::app
