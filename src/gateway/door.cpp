#include <rubricon/gateway/door.hpp>

#include <rubricon/gateway/wire.hpp>
#include <rubricon/net/network_of.hpp>

#include <utility>

namespace rubricon::gateway {

using base::ErrorCode;

bool Door::opens(const std::string& address) {
  return arrivals(net::network_of(address)).sessions.take(services_.clock.monotonic());
}

Door::Arrivals& Door::arrivals(const std::string& network) {
  const auto now = services_.clock.monotonic();
  const double rate = limits_.connects_per_second_and_address;
  const Arrivals full{.sessions = {rate, rate, now}, .connects = {2 * rate, 2 * rate, now}};
  return arrivals_.try_emplace(network, full).first->second;
}

base::Result<ClientPtr> Door::admit(const boost::json::value& auth, const std::string& address) {
  const auto now = services_.clock.monotonic();
  auto network = net::network_of(address);
  if (!arrivals(network).connects.take(now)) {
    return base::fail(ErrorCode::rate_limited, "too many connections at a time, come back later");
  }
  if (clients_.count_of_network(network) >= limits_.sockets_per_address) {
    return base::fail(ErrorCode::rate_limited, "too many connections from your address",
                      "too_many_connections");
  }
  auto token = wire::parse_token(auth, limits_.token_bytes);
  const auto identity = identify(token);
  if (!identity) return std::unexpected(identity.error());
  if (clients_.count_of_user(identity->user) >= limits_.sockets_per_user) {
    return base::fail(ErrorCode::rate_limited, "you have too many connections open",
                      "too_many_connections");
  }
  // Half a kilobyte for each connection: nothing of it stays where nobody forwards it.
  std::string kept;
  if (services_.submitter.forwards_token()) kept = std::move(token);
  return std::make_shared<Client>(*identity, std::move(kept), std::move(network), limits_, now);
}

std::optional<CloseReason> Door::why_not_stay(const Client& client) const {
  if (services_.revocations.revoked(client.identity.session)) return CloseReason::session_revoked;
  const bool crowded = clients_.count_of_user(client.identity.user) > limits_.sockets_per_user ||
                       clients_.count_of_network(client.network) > limits_.sockets_per_address;
  if (crowded) return CloseReason::too_many_connections;
  return std::nullopt;
}

base::Result<domain::Identity> Door::identify(const std::string& token) const {
  if (token.empty()) return base::fail(ErrorCode::unauthenticated, "unauthorized");
  auto identity = services_.tokens.verify(token);
  if (identity && services_.revocations.revoked(identity->session)) {
    return base::fail(ErrorCode::unauthenticated, "unauthorized", "session_revoked");
  }
  if (identity) return identity;
  // What exactly is wrong with a token helps nobody but those who forge them.
  const bool revoked = identity.error().reason == "session_revoked";
  return base::fail(identity.error().code, "unauthorized", revoked ? "session_revoked" : "");
}

void Door::sweep() {
  const auto now = services_.clock.monotonic();
  std::erase_if(arrivals_, [now](const auto& entry) {
    return entry.second.sessions.full(now) && entry.second.connects.full(now);
  });
}

}  // namespace rubricon::gateway
