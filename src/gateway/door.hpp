/// Who may connect: a valid token and not too many of anything. Pure bookkeeping, asked once a
/// handshake, once a CONNECT and once a renewal.
#pragma once

#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/close_reason.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/services.hpp>

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <unordered_map>

namespace rubricon::gateway {

/// One shard.
class Door {
 public:
  Door(const Clients& clients, const Services& services, const Limits& limits)
      : clients_(clients), services_(services), limits_(limits) {}

  /// Whether the address may open a session now: counts it where it may. Official clients come back
  /// by themselves after a refusal here, and never after one of CONNECT.
  bool opens(const std::string& address);

  /// The client that `auth` proves, not connected yet. Reasons of refusal, which are the codes on
  /// the wire: `unauthenticated`, `token_expired`, `session_revoked`, `rate_limited`,
  /// `too_many_connections`.
  base::Result<ClientPtr> admit(const boost::json::value& auth, const std::string& address);

  /// Why a client that was admitted and has connected may not stay after all. Its recovery may have
  /// been looked up in between: others were let in meanwhile, and its session may have ended when
  /// nobody could close it yet.
  std::optional<CloseReason> why_not_stay(const Client& client) const;

  /// Whom the token speaks for.
  base::Result<domain::Identity> identify(const std::string& token) const;

  /// Forgets addresses that have not connected lately.
  void sweep();

 private:
  struct Arrivals {
    TokenBucket sessions;
    /// Twice as many: only who connects again and again on one session comes to its end.
    TokenBucket connects;
  };
  Arrivals& arrivals(const std::string& network);

  const Clients& clients_;
  Services services_;
  const Limits& limits_;
  std::unordered_map<std::string, Arrivals> arrivals_;
};

}  // namespace rubricon::gateway
