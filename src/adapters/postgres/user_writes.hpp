/// Changes to accounts. Each function answers as its namesake in ports::UserStore does.
#pragma once

#include <rubricon/ports/user_store.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

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
