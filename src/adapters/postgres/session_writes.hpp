/// The life of a refresh family. Functions answer as their namesakes in ports::SessionStore do.
#pragma once

#include <rubricon/ports/session_store.hpp>
#include <rubricon/postgres/transaction.hpp>

#include <cstdint>

namespace rubricon::postgres {

base::Task<domain::SessionId> open_session(Transaction* transaction, domain::UserId user,
                                           ports::TokenHash token, base::Time expires_at);
base::Task<base::Result<ports::SessionUser>> rotate_token(Transaction* transaction,
                                                          ports::TokenHash old_token,
                                                          ports::TokenHash new_token,
                                                          base::Milliseconds grace);
base::Task<Done> revoke_by_token(Transaction* transaction, ports::TokenHash token);
base::Task<base::Result<void>> revoke_session(Transaction* transaction, domain::UserId user,
                                              domain::SessionId session);

/// Ends the family, with its event, once; ending it again changes nothing. Families are locked
/// before their user, and in the order of their ids.
base::Task<void> end_session(Transaction* transaction, domain::UserId user,
                             domain::SessionId session);

/// Removes at most `limit` families that ended long ago, with their tokens. Returns how many.
base::Task<std::int64_t> forget_sessions(Transaction* transaction, std::int64_t limit);

}  // namespace rubricon::postgres
