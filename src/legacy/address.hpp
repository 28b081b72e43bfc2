/// The address of the old database, as the old system had it in DATABASE_URL.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::legacy {

struct Address {
  std::string url;     ///< for libpq
  std::string schema;  ///< empty: the first of the search path
};

/// Takes out what only Prisma understands (`?schema=`, `connection_limit`, `pool_timeout` and the
/// like), which libpq would refuse.
Address parse_address(std::string_view url);

}  // namespace rubricon::legacy
