#include <rubricon/net/connection_registry.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/net/proxy_trust.hpp>

#include <utility>

namespace rubricon::net {
namespace {

/// One number for addresses that one party is likely to own together: an IPv4 address, or the /64
/// of an IPv6 address (in whose range no IPv4 number lies).
std::uint64_t address_group(const boost::asio::ip::address& raw) {
  const auto address = without_mapping(raw);
  if (address.is_v4()) return address.to_v4().to_uint();
  const auto bytes = address.to_v6().to_bytes();
  std::uint64_t group = 0;
  for (std::size_t i = 0; i < 8; ++i) group = group << 8 | bytes[i];
  return group == 0 ? ~std::uint64_t{0} : group;
}

}  // namespace

ConnectionRegistry::Place::Place(Place&& other) noexcept
    : registry_(std::exchange(other.registry_, nullptr)), entry_(other.entry_) {}

ConnectionRegistry::Place::~Place() {
  if (registry_ != nullptr) registry_->leave(entry_);
}

void ConnectionRegistry::Place::occupy(Member& member) {
  entry_->member = &member;
}

void ConnectionRegistry::Place::want_ticks() {
  if (entry_->timed) return;
  entry_->timed = true;
  registry_->timed_.splice(registry_->timed_.end(), registry_->quiet_, entry_);
}

void ConnectionRegistry::Place::want_no_ticks() {
  if (!entry_->timed) return;
  entry_->timed = false;
  registry_->quiet_.splice(registry_->quiet_.end(), registry_->timed_, entry_);
}

std::optional<ConnectionRegistry::Place> ConnectionRegistry::admit(
    const boost::asio::ip::address& address, Counting counting) {
  if (size() >= limits_.connections) return std::nullopt;
  Place::Entry entry;
  if (counting == Counting::by_address) {
    const auto group = address_group(address);
    auto& count = by_address_[group];
    if (count >= limits_.connections_per_address) return std::nullopt;
    ++count;
    entry.address_group = group;
  }
  open_.add(1);
  return Place(*this, timed_.insert(timed_.end(), entry));
}

void ConnectionRegistry::leave(Place::Entries::iterator entry) {
  if (entry->address_group) {
    const auto count = by_address_.find(*entry->address_group);
    RUBRICON_ASSERT(count != by_address_.end());
    if (--count->second == 0) by_address_.erase(count);
  }
  (entry->timed ? timed_ : quiet_).erase(entry);
  open_.add(-1);
  if (size() == 0 && on_empty_) on_empty_();
}

void ConnectionRegistry::advance(LoopTime by) {
  now_ += by;
  // A member may stop its ticks in its call, which moves its entry: step on first.
  for (auto it = timed_.begin(); it != timed_.end();) {
    auto* const member = (it++)->member;
    if (member != nullptr) member->on_tick(now_);
  }
}

void ConnectionRegistry::tell_draining() {
  for (auto* member : members()) member->on_draining();
}

void ConnectionRegistry::drop_all() {
  for (auto* member : members()) member->drop();
}

/// A copy, as a member may start or stop its ticks in its call, which moves it between the lists.
std::vector<ConnectionRegistry::Member*> ConnectionRegistry::members() const {
  std::vector<Member*> all;
  all.reserve(size());
  for (const auto* entries : {&timed_, &quiet_}) {
    for (const auto& entry : *entries) {
      if (entry.member != nullptr) all.push_back(entry.member);
    }
  }
  return all;
}

}  // namespace rubricon::net
