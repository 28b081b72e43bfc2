/// How many connections somebody has, inside one process.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/connection_limiter.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>

namespace rubricon::memory {

/// Lives on one shard; every operation completes without waiting. `clock` must outlive it. Bounded
/// by forgetting: what is not entered again for 60 s goes.
class ConnectionLeases final : public ports::ConnectionLimiter {
 public:
  static constexpr base::Milliseconds ttl{60'000};

  explicit ConnectionLeases(const ports::Clock& clock) : clock_(clock) {}

  base::Task<bool> enter(std::string key, std::string connection, std::size_t max,
                         base::Deadline) override;
  base::Task<void> leave(std::string key, std::string connection, base::Deadline) override;

  /// Keys with connections, ghosts included until they are swept.
  std::size_t size() const { return keys_.size(); }

 private:
  using Connections = std::unordered_map<std::string, base::Instant>;  ///< name -> gone at

  void sweep();

  const ports::Clock& clock_;
  std::unordered_map<std::string, Connections> keys_;
  base::Instant swept_{};
};

}  // namespace rubricon::memory
