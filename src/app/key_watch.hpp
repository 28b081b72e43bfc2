/// Takes the new keys of access tokens while the server runs: `rubricon keys rotate` writes them,
/// this finds them.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/key_store.hpp>
#include <rubricon/observability/log.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace rubricon::app {

/// One shard. A rotation counts at the latest `look_every` after its files are in place; keys that
/// cannot be read are logged, and those before them stay in use.
class KeyWatch {
 public:
  static constexpr base::Milliseconds look_every{1'000};

  KeyWatch(boost::asio::any_io_executor executor, crypto::KeyStore& keys,
           crypto::Es256Authority& authority, observability::Log& log);

  void start();
  base::Task<void> stop();
  /// One look at the disk.
  void look();

 private:
  base::Task<void> look_for_ever();

  crypto::KeyStore& keys_;
  crypto::Es256Authority& authority_;
  observability::Log& log_;
  base::TaskGroup tasks_;
};

}  // namespace rubricon::app
