/// Connection state recovery from the event store (docs/client-authors.md). A client
/// that was in one chat goes on where it was, however long it was away and whatever became of the
/// server meanwhile: its place is in what it brings, what it missed is in the log.
#pragma once

#include <rubricon/gateway/clients.hpp>
#include <rubricon/gateway/meters.hpp>
#include <rubricon/gateway/options.hpp>
#include <rubricon/gateway/recovery_seal.hpp>
#include <rubricon/gateway/services.hpp>
#include <rubricon/gateway/store_reads.hpp>
#include <rubricon/socketio_server/session_store.hpp>

#include <string>

namespace rubricon::gateway {

/// One shard. Believes nothing: the handshake has verified the token, the pid must be that user's,
/// the user must be a member now, and the log must hold everything from the place to its end, in
/// the same epoch and within the bounds of a replay. Whatever cannot be proved, also because the
/// store is away, is a new socket.
class Recovery final : public socketio_server::SessionStore {
 public:
  Recovery(StoreReads& reads, const RecoverySeal& seal, const Services& services, Meters& meters,
           const Options& options);

  std::string new_pid(const Claim& newcomer) override;
  /// Where the answer is yes, the client's `recovered` is its place.
  void claim(Claim claim, Answer answer) override;

 private:
  base::Task<void> prove(ClientPtr client, ChatPlace place, Answer answer, base::Deadline deadline);
  base::Task<bool> proved(domain::UserId user, ChatPlace place, base::Deadline deadline);
  void conclude(bool yes, const Answer& answer);

  StoreReads& reads_;
  const RecoverySeal& seal_;
  Services services_;
  Meters& meters_;
  const Options& options_;
};

}  // namespace rubricon::gateway
