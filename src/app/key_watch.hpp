/// Takes the new keys of access tokens while the server runs: `rubricon keys rotate` writes them,
/// this finds them.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/base/work_pool.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/key_store.hpp>
#include <rubricon/observability/log.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace rubricon::app {

/// One shard, and a thread that looks. A rotation counts at the latest some seconds after it; keys
/// that cannot be read are logged, and those before them stay in use.
class KeyWatch {
 public:
  static constexpr base::Milliseconds look_every{1'000};
  /// From when a key is seen here until it signs: meanwhile the other processes see it.
  static constexpr base::Milliseconds published{5'000};

  KeyWatch(boost::asio::any_io_executor executor, crypto::KeyStore& keys,
           crypto::Es256Authority& authority, observability::Log& log);

  void start();
  base::Task<void> stop();
  /// One look at where the keys are; blocks.
  void look();

 private:
  base::Task<void> look_for_ever();

  crypto::KeyStore& keys_;
  crypto::Es256Authority& authority_;
  observability::Log& log_;
  base::TaskGroup tasks_;
  base::WorkPool thread_;  ///< last: joined before what its work uses goes
};

}  // namespace rubricon::app
