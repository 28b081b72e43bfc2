/// Changes to accounts. Each function answers as its namesake in ports::UserStore does.
#pragma once

#include <rubricon/ports/user_store.hpp>
#include <rubricon/postgres/transaction.hpp>

#include <string_view>

namespace rubricon::postgres {

/// Accounts are made one at a time in the whole installation: only one can be the first. Until the
/// transaction's end.
void lock_accounts(Transaction* transaction);
/// Stores a new account with this hash of its password; kept back until the transaction's next
/// call.
void store_user(Transaction* transaction, const domain::User& user, std::string_view password_hash);

base::Task<base::Result<domain::User>> create_user(Transaction* transaction, ports::NewUser request,
                                                   ports::Admission admission);
base::Task<base::Result<domain::User>> update_user(Transaction* transaction, domain::UserId id,
                                                   ports::UserPatch patch);
base::Task<base::Result<std::vector<domain::SessionId>>> change_password(
    Transaction* transaction, ports::PasswordChange change);
base::Task<base::Result<std::vector<domain::SessionId>>> set_disabled(Transaction* transaction,
                                                                      domain::Email email,
                                                                      bool disabled);

}  // namespace rubricon::postgres
