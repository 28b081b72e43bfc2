#include <rubricon/memory/connection_leases.hpp>

#include <iterator>
#include <utility>

namespace rubricon::memory {
namespace {

void forget_ghosts(std::unordered_map<std::string, base::Instant>& connections, base::Instant now) {
  std::erase_if(connections, [now](const auto& connection) { return connection.second <= now; });
}

}  // namespace

base::Task<bool> ConnectionLeases::enter(std::string key, std::string connection, std::size_t max,
                                         base::Deadline) {
  sweep();
  const auto now = clock_.monotonic();
  auto& connections = keys_[key];
  forget_ghosts(connections, now);
  if (!connections.contains(connection) && connections.size() >= max) {
    if (connections.empty()) keys_.erase(key);
    co_return false;
  }
  connections.insert_or_assign(std::move(connection), now + ttl);
  co_return true;
}

base::Task<void> ConnectionLeases::leave(std::string key, std::string connection, base::Deadline) {
  const auto found = keys_.find(key);
  if (found == keys_.end()) co_return;
  found->second.erase(connection);
  if (found->second.empty()) keys_.erase(found);
}

void ConnectionLeases::sweep() {
  const auto now = clock_.monotonic();
  if (now < swept_ + ttl) return;
  swept_ = now;
  for (auto key = keys_.begin(); key != keys_.end();) {
    forget_ghosts(key->second, now);
    key = key->second.empty() ? keys_.erase(key) : std::next(key);
  }
}

}  // namespace rubricon::memory
