#include <rubricon/app/keys_rotate.hpp>

#include <rubricon/app/key_shelf.hpp>
#include <rubricon/crypto/key_store.hpp>
#include <rubricon/crypto/system_clock.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <optional>

namespace rubricon::app {

int rotate_keys(const Config& config, std::chrono::seconds overlap) {
  // Whoever rotates because a key was stolen must not be told so of a folder that nobody uses.
  const auto folder = config.data_dir / "keys";
  const crypto::SystemClock clock;
  const bool none = config.on_sqlite() && !std::filesystem::exists(folder);
  std::optional<crypto::KeyStore> store;
  if (!none) store.emplace(key_shelf(config), clock);
  if (none || store->empty()) {
    throw ConfigError(fmt::format(
        "{} holds no keys: is this the {} of the server? The first keys are made by `rubricon "
        "serve`.",
        config.on_sqlite() ? folder.string() : "the database",
        config.on_sqlite() ? "--data-dir" : "database"));
  }
  const auto keys = store->rotate(overlap);
  std::printf("tokens are signed with %s now\n", keys.current.id().c_str());
  if (keys.previous) {
    std::printf("those of %s count until %s\n", keys.previous->key.id().c_str(),
                base::format_time(keys.previous->until).c_str());
  }
  return 0;
}

}  // namespace rubricon::app
