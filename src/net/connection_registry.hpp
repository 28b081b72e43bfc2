/// The connections of one server: how many there are, who they belong to, and what time it is for
/// their timeouts. One timer for all of them: a connection costs no timer of its own.
#pragma once

#include <rubricon/observability/metrics.hpp>

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace rubricon::net {

/// Coarse monotonic time since the server's start, advanced by its tick.
using LoopTime = std::chrono::milliseconds;

class ConnectionRegistry {
 public:
  /// A connection as the registry sees it. In these calls a member may leave, but no other may come
  /// or go.
  class Member {
   public:
    virtual void on_tick(LoopTime now) = 0;
    /// No new work: end when idle.
    virtual void on_draining() = 0;
    /// End now.
    virtual void drop() = 0;

   protected:
    ~Member() = default;
  };

  /// The right to one connection; given back by the destructor. The registry outlives it.
  class Place {
   public:
    Place(Place&& other) noexcept;
    Place& operator=(Place&&) = delete;
    ~Place();

    /// Whose calls these are from now on.
    void occupy(Member& member);
    /// Only timed members get ticks; a new one gets them.
    void want_ticks();
    void want_no_ticks();

   private:
    friend class ConnectionRegistry;
    struct Entry {
      Member* member = nullptr;
      std::optional<std::uint64_t> address_group;
      bool timed = true;
    };
    using Entries = std::list<Entry>;
    Place(ConnectionRegistry& registry, Entries::iterator entry)
        : registry_(&registry), entry_(entry) {}

    ConnectionRegistry* registry_;
    Entries::iterator entry_;
  };

  struct Limits {
    std::size_t connections;
    std::size_t connections_per_address;
  };
  /// `open` shows the number of members; it may be shared with other servers.
  ConnectionRegistry(Limits limits, observability::Gauge& open) : limits_(limits), open_(open) {}

  enum class Counting { by_address, total_only };
  /// Nothing when a limit is reached. IPv6 addresses count by their /64.
  std::optional<Place> admit(const boost::asio::ip::address& address, Counting counting);

  void advance(LoopTime by);
  LoopTime now() const { return now_; }
  void tell_draining();
  void drop_all();

  std::size_t size() const { return timed_.size() + quiet_.size(); }
  /// Called when the last member leaves.
  void on_empty(std::function<void()> callback) { on_empty_ = std::move(callback); }

 private:
  void leave(Place::Entries::iterator entry);
  std::vector<Member*> members() const;

  Limits limits_;
  observability::Gauge& open_;
  LoopTime now_{0};
  Place::Entries timed_;
  Place::Entries quiet_;
  std::unordered_map<std::uint64_t, std::size_t> by_address_;
  std::function<void()> on_empty_;
};

}  // namespace rubricon::net
