/// Whom an address belongs to, for limits: whoever has one IPv6 address has 2^64 of them.
#pragma once

#include <string>
#include <string_view>

namespace rubricon::net {

/// What an address counts as: itself for IPv4, also where it is mapped into IPv6, and its /64 for
/// IPv6. A text that is no address counts as itself. Pure.
std::string network_of(std::string_view address);

}  // namespace rubricon::net
