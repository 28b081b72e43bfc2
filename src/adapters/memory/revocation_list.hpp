/// Sessions whose tokens are refused, inside one process.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/token_authority.hpp>

#include <mutex>
#include <unordered_map>

namespace rubricon::memory {

/// Safe from any thread: verifiers may run anywhere. `clock` must outlive it. A session is
/// forgotten `memory` after it was revoked, when every token of it has expired.
class RevocationList final : public ports::Revocations {
 public:
  /// A token's 15 minutes and a minute for clocks that disagree.
  static constexpr base::Milliseconds memory{16 * 60'000};

  explicit RevocationList(const ports::Clock& clock) : clock_(clock) {}

  void revoke(domain::SessionId session) override;
  bool revoked(domain::SessionId session) const override;

  std::size_t size() const;

 private:
  const ports::Clock& clock_;
  mutable std::mutex mutex_;
  std::unordered_map<domain::SessionId, base::Instant> forget_at_;
  base::Instant swept_{};
};

}  // namespace rubricon::memory
