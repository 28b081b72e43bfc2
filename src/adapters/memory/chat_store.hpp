/// ports::ChatStore in memory.
#pragma once

#include <rubricon/memory/transaction.hpp>

namespace rubricon::memory {

class ChatStore final : public ports::ChatStore {
 public:
  explicit ChatStore(std::shared_ptr<Link> link) : link_(std::move(link)) {}

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
  std::shared_ptr<Link> link_;
};

}  // namespace rubricon::memory
