#include <rubricon/app/keys_rotate.hpp>

#include <rubricon/crypto/key_store.hpp>
#include <rubricon/crypto/system_clock.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace rubricon::app {

int rotate_keys(const Config& config, std::chrono::seconds overlap) {
  // Whoever rotates because a key was stolen must not be told so of a folder that nobody uses.
  const auto folder = config.data_dir / "keys";
  if (!std::filesystem::exists(folder / crypto::KeyStore::current_name)) {
    throw ConfigError(
        fmt::format("{} holds no keys: is this the --data-dir of the server? The "
                    "first keys are made by `rubricon serve`.",
                    folder.string()));
  }
  const crypto::SystemClock clock;
  crypto::KeyStore store(folder, clock);
  const auto keys = store.rotate(overlap);
  std::printf("tokens are signed with %s now\n", keys.current.id().c_str());
  if (keys.previous) {
    std::printf("those of %s count until %s\n", keys.previous->key.id().c_str(),
                base::format_time(keys.previous->until).c_str());
  }
  return 0;
}

}  // namespace rubricon::app
