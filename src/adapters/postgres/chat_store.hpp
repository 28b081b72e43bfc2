/// ports::ChatStore on PostgreSQL.
#pragma once

#include <rubricon/ports/chat_store.hpp>
#include <rubricon/postgres/reader.hpp>
#include <rubricon/postgres/replicas.hpp>
#include <rubricon/postgres/transaction.hpp>

namespace rubricon::postgres {

class ChatStore final : public ports::ChatStore {
 public:
  ChatStore(Transactor& transactor, Reader& reader, Replicas& replicas)
      : transactor_(transactor), reader_(reader), replicas_(replicas) {}

  base::Task<base::Result<domain::Chat>> create(ports::NewChat chat,
                                                base::Deadline deadline) override;
  base::Task<base::Result<ports::ChatPage>> list(domain::UserId user, ports::ChatQuery query,
                                                 base::Deadline deadline) override;
  base::Task<base::Result<ports::ChatView>> view(domain::UserId user, domain::ChatId chat,
                                                 base::Deadline deadline) override;
  base::Task<base::Result<ports::ListState>> list_state(domain::UserId user, ports::ChatQuery query,
                                                        base::Deadline deadline) override;
  base::Task<base::Result<ports::ViewState>> view_state(domain::UserId user, domain::ChatId chat,
                                                        base::Deadline deadline) override;
  base::Task<base::Result<ports::ChatSummary>> summary(domain::UserId user, domain::ChatId chat,
                                                       base::Deadline deadline) override;
  base::Task<base::Result<ports::ChatSummary>> update(domain::UserId user, domain::ChatId chat,
                                                      ports::ChatPatch patch,
                                                      base::Deadline deadline) override;
  base::Task<base::Result<void>> remove(domain::UserId user, domain::ChatId chat,
                                        base::Deadline deadline) override;
  base::Task<base::Result<void>> restore(domain::UserId user, domain::ChatId chat,
                                         base::Deadline deadline) override;
  base::Task<base::Result<void>> mark_read(domain::UserId user, domain::ChatId chat,
                                           domain::Seq seq, base::Deadline deadline) override;
  base::Task<base::Result<std::vector<domain::Member>>> members(domain::UserId user,
                                                                domain::ChatId chat,
                                                                base::Deadline deadline) override;
  base::Task<base::Result<domain::Member>> add_member(domain::UserId actor, domain::ChatId chat,
                                                      domain::Email email, domain::MemberRole role,
                                                      base::Deadline deadline) override;
  base::Task<base::Result<void>> remove_member(domain::UserId actor, domain::ChatId chat,
                                               domain::UserId member,
                                               base::Deadline deadline) override;
  base::Task<base::Result<ports::Membership>> membership(domain::UserId user, domain::ChatId chat,
                                                         base::Deadline deadline) override;
  base::Task<std::vector<ports::Head>> heads(std::vector<domain::StreamId> streams,
                                             base::Deadline deadline) override;

 private:
  /// A page that a replica has and the primary confirms.
  base::Task<std::optional<ports::ChatPage>> list_copied(domain::UserId user, Query list,
                                                         std::size_t limit, ports::KnownEvent known,
                                                         base::Deadline deadline);

  Transactor& transactor_;
  Reader& reader_;
  Replicas& replicas_;
};

}  // namespace rubricon::postgres
