/// Whose word counts about a client's address: X-Forwarded-For and X-Forwarded-Proto are believed
/// from configured proxies only, and from the right, where our own proxy wrote.
#pragma once

#include <rubricon/net/http_types.hpp>

#include <boost/asio/ip/address.hpp>

#include <string>
#include <vector>

namespace rubricon::net {

class ProxyTrust {
 public:
  /// Entries such as "127.0.0.1", "10.0.0.0/8", "fd00::/8". Throws std::invalid_argument for one
  /// that cannot be read.
  explicit ProxyTrust(const std::vector<std::string>& networks);

  bool trusts(const boost::asio::ip::address& peer) const;

  struct Client {
    std::string address;
    bool secure = false;
  };
  /// The client behind `peer`: walks X-Forwarded-For from its end while the address is a trusted
  /// proxy's, and stops at the first that is not, or at one that cannot be read.
  Client client(const boost::asio::ip::address& peer, const HttpHeaders& headers) const;

 private:
  struct Network {
    boost::asio::ip::address address;
    unsigned prefix;
  };
  static Network parse(const std::string& text);

  std::vector<Network> networks_;
};

/// IPv4 addresses that arrive as ::ffff:a.b.c.d, as plain IPv4.
boost::asio::ip::address without_mapping(const boost::asio::ip::address& address);

}  // namespace rubricon::net
