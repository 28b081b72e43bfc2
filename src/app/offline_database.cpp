#include <rubricon/app/offline_database.hpp>

#include <filesystem>

namespace rubricon::app {
namespace {

Config database_only(Config config) {
  config.broker_url = "memory:";
  config.redis_url.clear();
  std::filesystem::create_directories(config.data_dir);
  return config;
}

}  // namespace

OfflineDatabase::OfflineDatabase(Config config)
    : config_(database_only(std::move(config))),
      engines_(io_.get_executor(), config_, {clock_, random_, log_, metrics_}) {
  run_until_done(engines_.open());
}

OfflineDatabase::~OfflineDatabase() {
  run_until_done(engines_.stop());
}

/// An engine may have loops of its own on `io_`, which go on meanwhile and wait in between.
void OfflineDatabase::run_until_done(base::Task<void> task) {
  std::exception_ptr failure;
  boost::asio::co_spawn(io_, std::move(task), [&](std::exception_ptr failed) {
    failure = failed;
    io_.stop();
  });
  io_.restart();
  io_.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace rubricon::app
