/// Refresh families: one per sign-in. Each use of a refresh token replaces it; the use of a
/// replaced one means that it was stolen, and ends the family (RFC 9700 §4.14.2).
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/user.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rubricon::ports {

/// SHA-256 of a refresh token; the token itself is never stored.
using TokenHash = std::array<std::uint8_t, 32>;

struct SessionUser {
  domain::SessionId session;
  domain::User user;
};

/// One sign-in that has not ended.
struct OpenSession {
  domain::SessionId id;
  base::Time opened_at;
  base::Time expires_at;

  bool operator==(const OpenSession&) const = default;
};

struct Revocation {
  domain::SessionId session;
  base::Time at;
};

/// What was revoked: all that verifiers of tokens need of sessions.
/// Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class RevocationLog {
 public:
  virtual ~RevocationLog() = default;

  /// Families revoked at or after `since`: what a verifier of tokens must load before it is ready.
  virtual base::Task<std::vector<Revocation>> revoked_since(base::Time since,
                                                            base::Deadline deadline) = 0;
};

/// Every revocation also appends `session-revoked {sessionId}` to the user's stream, in the same
/// transaction. Faults as for RevocationLog.
class SessionStore : public RevocationLog {
 public:
  /// Starts a family whose current token has `token`; it ends at `expires_at` whatever happens.
  virtual base::Task<domain::SessionId> open(domain::UserId user, TokenHash token,
                                             base::Time expires_at, base::Deadline deadline) = 0;

  /// Replaces the current token `old_token` by `new_token`. Successors are derived from what they
  /// replace (RefreshTokens), so a repeated request names the same pair: where `old_token` was
  /// replaced by this `new_token` less than `grace` ago and that one is still current, the answer
  /// is the same and nothing changes (a lost reply, two tabs). Replaced less than `grace` ago
  /// otherwise: conflict/"recently_rotated". Replaced longer ago: it was stolen, and the family is
  /// revoked: unauthenticated/"refresh_reused". Unknown, expired or revoked:
  /// unauthenticated/"refresh_invalid".
  virtual base::Task<base::Result<SessionUser>> rotate(TokenHash old_token, TokenHash new_token,
                                                       base::Milliseconds grace,
                                                       base::Deadline deadline) = 0;

  /// Ends the family that `token` belongs to, current or replaced. No error if there is none.
  virtual base::Task<void> revoke_by_token(TokenHash token, base::Deadline deadline) = 0;
  /// Ends one family of `user`; not_found for anybody else's.
  virtual base::Task<base::Result<void>> revoke(domain::UserId user, domain::SessionId session,
                                                base::Deadline deadline) = 0;

  /// The user's families that are neither revoked nor over, newest first, at most `limit`.
  virtual base::Task<std::vector<OpenSession>> list(domain::UserId user, std::size_t limit,
                                                    base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
