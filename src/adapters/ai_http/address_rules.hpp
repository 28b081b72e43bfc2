/// To which addresses a request with a key in it may go (S30).
#pragma once

#include <boost/asio/ip/address.hpp>

namespace rubricon::ai_http {

enum class AddressKind {
  open,       ///< of the Internet
  local,      ///< loopback, private (RFC 1918, RFC 4193, RFC 6598), of this site
  forbidden,  ///< link-local, where clouds keep their secrets; mapped, tunnelled, reserved …
};

enum class LocalAddresses { refused, allowed };
enum class Encryption { none, tls };

AddressKind kind_of(const boost::asio::ip::address& address);

/// Open addresses by TLS only, so that no key crosses the Internet in clear; local ones where the
/// operator allowed them; forbidden ones never.
bool may_connect(const boost::asio::ip::address& address, Encryption encryption,
                 LocalAddresses local);

}  // namespace rubricon::ai_http
