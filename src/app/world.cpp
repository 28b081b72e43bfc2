#include <rubricon/app/world.hpp>

#include <rubricon/app/key_shelf.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

namespace rubricon::app {
namespace {

/// Made before anything opens a file in it.
const Config& with_data_dir(const Config& config) {
  std::error_code error;
  std::filesystem::create_directories(config.data_dir, error);
  if (error) {
    throw ConfigError(fmt::format("the data folder {} cannot be made: {}", config.data_dir.string(),
                                  error.message()));
  }
  return config;
}

}  // namespace

World::World(const boost::asio::any_io_executor& executor, const Config& config,
             observability::Log& logged, observability::Metrics& measured)
    : revocation_list_(system_clock_),
      keys_(key_shelf(with_data_dir(config)), system_clock_),
      authority_(keys_.load(), {}, system_clock_, system_random_, revocation_list_),
      key_watch_(executor, keys_, authority_, logged),
      token_mint_(keys_.refresh_secret()),
      argon2_({}, system_clock_, measured),
      assistants_(config.ai, {system_clock_, system_random_, logged, measured}),
      engines_(executor, config, {system_clock_, system_random_, logged, measured}),
      clock(system_clock_),
      random(system_random_),
      log(logged),
      metrics(measured),
      stores(engines_.stores()),
      bus(engines_.bus()),
      jobs(engines_.jobs()),
      ephemerals(engines_.ephemerals()),
      presence(engines_.presence()),
      connections(engines_.shared_connections()),
      running_answers(engines_.running_answers()),
      rate_limiter(engines_.rate_limiter()),
      answer_cache(engines_.answer_cache()),
      recent_messages(engines_.recent_messages()),
      uploads(engines_.uploads()),
      revocations(revocation_list_),
      issuer(authority_),
      verifier(authority_),
      refresh_tokens(token_mint_),
      hasher(argon2_),
      models(assistants_.models()),
      rules(assistants_.rules()),
      secret(keys_.refresh_secret()) {}

void World::start() {
  key_watch_.start();
  engines_.start();
}

base::Task<void> World::stop() {
  co_await key_watch_.stop();
  co_await engines_.stop();
}

}  // namespace rubricon::app
