/// Which events other Socket.IO servers may send to our sockets at all.
#pragma once

#include <string_view>

namespace rubricon::redis {

/// Whether nobody but us says it, whatever is configured: what is stored, how far the streams are,
/// and that a connection ends.
bool only_ours(std::string_view name);

}  // namespace rubricon::redis
