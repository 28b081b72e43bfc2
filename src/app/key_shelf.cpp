#include <rubricon/app/key_shelf.hpp>

#include <rubricon/crypto/file_shelf.hpp>
#include <rubricon/postgres/secret_table.hpp>

namespace rubricon::app {

std::unique_ptr<ports::SecretShelf> key_shelf(const Config& config) {
  if (config.on_sqlite()) return std::make_unique<crypto::FileShelf>(config.data_dir / "keys");
  return std::make_unique<postgres::SecretTable>(config.database_url);
}

}  // namespace rubricon::app
