/// The database alone, for a command that changes something and ends.
#pragma once

#include <rubricon/app/config.hpp>
#include <rubricon/app/engines.hpp>
#include <rubricon/crypto/system_clock.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace rubricon::app {

/// Every call blocks. A SQLite file belongs to one process: with a server on it, it cannot be
/// opened. Throws what the adapters throw, with sentences for people.
class OfflineDatabase {
 public:
  /// Opens it and brings its schema up to date.
  explicit OfflineDatabase(Config config);
  ~OfflineDatabase();
  OfflineDatabase(const OfflineDatabase&) = delete;
  OfflineDatabase& operator=(const OfflineDatabase&) = delete;

  Stores stores() { return engines_.stores(); }
  ports::Imports& imports() { return engines_.imports(); }
  const ports::Clock& clock() const { return clock_; }
  observability::Metrics& metrics() { return metrics_; }

  /// Runs one call to its end.
  template <typename T>
  T run(base::Task<T> task) {
    std::optional<T> value;
    run_until_done(keep(std::move(task), &value));
    return std::move(*value);
  }

 private:
  template <typename T>
  static base::Task<void> keep(base::Task<T> task, std::optional<T>* value) {
    value->emplace(co_await std::move(task));
  }
  void run_until_done(base::Task<void> task);

  const Config config_;
  const crypto::SystemClock clock_;
  crypto::SystemRandom random_;
  observability::Log log_;
  observability::Metrics metrics_;  // nobody asks for them here
  boost::asio::io_context io_{1};
  Engines engines_;
};

}  // namespace rubricon::app
