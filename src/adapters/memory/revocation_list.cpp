#include <rubricon/memory/revocation_list.hpp>

namespace rubricon::memory {

void RevocationList::revoke(domain::SessionId session) {
  const auto now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  forget_at_.insert_or_assign(session, now + memory);
  if (now < swept_ + memory) return;
  swept_ = now;
  std::erase_if(forget_at_, [now](const auto& entry) { return entry.second <= now; });
}

bool RevocationList::revoked(domain::SessionId session) const {
  const auto now = clock_.monotonic();
  const std::lock_guard lock(mutex_);
  const auto found = forget_at_.find(session);
  return found != forget_at_.end() && found->second > now;
}

std::size_t RevocationList::size() const {
  const std::lock_guard lock(mutex_);
  return forget_at_.size();
}

}  // namespace rubricon::memory
