#include <rubricon/memory/presence_map.hpp>

#include <iterator>
#include <utility>

namespace rubricon::memory {

base::Task<bool> PresenceMap::enter(domain::ChatId chat, domain::UserId user,
                                    std::string connection, base::Deadline) {
  sweep();
  Users& users = chats_[chat];
  forget_ghosts(users);
  Connections& connections = users[user];
  const bool appeared = connections.empty();
  connections.insert_or_assign(std::move(connection), clock_.monotonic() + ttl);
  co_return appeared;
}

base::Task<bool> PresenceMap::leave(domain::ChatId chat, domain::UserId user,
                                    std::string connection, base::Deadline) {
  const auto found = chats_.find(chat);
  if (found == chats_.end()) co_return false;
  Users& users = found->second;
  const auto entry = users.find(user);
  const bool was_present = entry != users.end() && entry->second.erase(connection) > 0;
  forget_ghosts(users);
  const bool vanished = was_present && !users.contains(user);
  if (users.empty()) chats_.erase(found);
  co_return vanished;
}

base::Task<std::vector<domain::UserId>> PresenceMap::of_chat(domain::ChatId chat, base::Deadline) {
  std::vector<domain::UserId> present;
  if (const auto found = chats_.find(chat); found != chats_.end()) {
    forget_ghosts(found->second);
    for (const auto& [user, connections] : found->second) present.push_back(user);
  }
  co_return present;
}

void PresenceMap::forget_ghosts(Users& users) const {
  const auto now = clock_.monotonic();
  for (auto user = users.begin(); user != users.end();) {
    std::erase_if(user->second, [now](const auto& connection) { return connection.second <= now; });
    user = user->second.empty() ? users.erase(user) : std::next(user);
  }
}

void PresenceMap::sweep() {
  const auto now = clock_.monotonic();
  if (now < swept_ + ttl) return;
  swept_ = now;
  for (auto chat = chats_.begin(); chat != chats_.end();) {
    forget_ghosts(chat->second);
    chat = chat->second.empty() ? chats_.erase(chat) : std::next(chat);
  }
}

}  // namespace rubricon::memory
