#include <rubricon/app/keys_rotate.hpp>

#include <rubricon/crypto/key_store.hpp>
#include <rubricon/crypto/system_clock.hpp>

#include <cstdio>

namespace rubricon::app {

int rotate_keys(const Config& config, std::chrono::seconds overlap) {
  const crypto::SystemClock clock;
  crypto::KeyStore store(config.data_dir / "keys", clock);
  const auto keys = store.rotate(overlap);
  std::printf("tokens are signed with %s now\n", keys.current.id().c_str());
  if (keys.previous) {
    std::printf("those of %s count until %s\n", keys.previous->key.id().c_str(),
                base::format_time(keys.previous->until).c_str());
  }
  return 0;
}

}  // namespace rubricon::app
