#include <rubricon/app/config_rules.hpp>

#include <rubricon/app/ai_settings.hpp>
#include <rubricon/app/url_password.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rubricon::app {
namespace {

void complete_listen(Config& config, Setting& setting) {
  if (setting.source != "default") return;
  if (!config.roles.api) config.listen.port = config.roles.gateway ? 3001 : 3002;
  setting.value = config.listen.to_string();
}

void complete_signup(Config& config, Setting& setting) {
  if (!setting.value.empty()) return;
  config.signup = config.listen.is_loopback() ? Signup::open : Signup::invite;
  setting.value = config.listen.is_loopback() ? "open" : "invite";
}

void complete_origins(Config& config, Setting& setting) {
  if (!config.public_origins.empty()) return;
  if (config.listen.is_unspecified()) {
    throw ConfigError(fmt::format(
        "listening on {} says nothing about the address that browsers use, and others are "
        "refused: set public_origins, for instance to https://rubricon.school.example",
        config.listen.to_string()));
  }
  config.public_origins.push_back("http://" + config.listen.to_string());
  if (config.listen.is_loopback()) {
    config.public_origins.push_back(fmt::format("http://localhost:{}", config.listen.port));
  }
  setting.value = fmt::format("{}", fmt::join(config.public_origins, ","));
}

}  // namespace

void complete(LoadedConfig& loaded) {
  auto& config = loaded.config;
  complete_ai(config.ai);
  for (auto& setting : loaded.settings) {
    if (setting.name == "listen") complete_listen(config, setting);
    if (setting.name == "signup") complete_signup(config, setting);
    if (setting.name == "public_origins") complete_origins(config, setting);
    if (setting.name == "ai_key" && !setting.value.empty()) setting.value = "…";
    if (setting.name.ends_with("_url") || setting.name.ends_with("_urls")) {
      setting.value = without_passwords(setting.value);
    }
  }
}

void refuse_what_cannot_work(const Config& config) {
  if (config.on_sqlite() && !config.database_replica_urls.empty()) {
    throw ConfigError(
        "database_replica_urls is set: replicas follow a PostgreSQL server. Set database_url to "
        "postgresql://… or leave the replicas out");
  }
  if (!config.roles.all() && config.on_sqlite()) {
    throw ConfigError(fmt::format(
        "roles is {}: processes of several roles need a database that they share, and a "
        "SQLite file belongs to one. Set database_url to postgresql://…",
        config.roles.to_string()));
  }
  if (!config.roles.all() && config.broker_in_memory()) {
    throw ConfigError(
        fmt::format("roles is {}: processes of several roles need a broker that they share. Set "
                    "broker_url to amqp://…",
                    config.roles.to_string()));
  }
  if (config.redis_url.empty() && !config.redis_events.empty()) {
    throw ConfigError(
        "redis_events is set: it names events that other servers send over Redis. Set redis_url to "
        "redis://… or leave the events out");
  }
  refuse_ai_that_cannot_work(config.ai);
  if (config.admin_ui == AdminUi::on && !(config.roles.api && config.roles.gateway)) {
    throw ConfigError(
        "admin_ui is on: it signs people in by password, so it needs the roles api and gateway in "
        "one process");
  }
}

}  // namespace rubricon::app
