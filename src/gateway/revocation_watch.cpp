#include <rubricon/gateway/revocation_watch.hpp>

#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/gateway/lower_at_end.hpp>
#include <rubricon/gateway/wire.hpp>
#include <rubricon/observability/fault_level.hpp>

#include <algorithm>
#include <unordered_set>

namespace rubricon::gateway {
namespace {

/// A token lives 15 minutes; one more for clocks that disagree.
constexpr base::Milliseconds token_lifetime{16 * 60'000};
/// Time servers move a clock gently by less than this, and a token's extra minute is more.
constexpr base::Milliseconds clock_step{5'000};

}  // namespace

void RevocationWatch::load() {
  loaded_ = false;
  again_ = loading_;
  if (loading_) return;
  loading_ = tasks_.spawn(load_until_done());
}

void RevocationWatch::look_at_clock() {
  if (loaded_ && clock_offset() < loaded_offset_ - clock_step) load();
}

base::Milliseconds RevocationWatch::clock_offset() const {
  return base::Milliseconds(base::unix_ms(services_.clock.now())) -
         std::chrono::floor<base::Milliseconds>(services_.clock.monotonic().time_since_epoch());
}

base::Task<void> RevocationWatch::load_until_done() {
  const LowerAtEnd guard(loading_);
  auto retry = options_.retry_min;
  while (!loaded_) {
    bool failed = false;
    again_ = false;
    try {
      base::failpoint("gateway.before_ready");
      const auto deadline =
          base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
      loaded_offset_ = clock_offset();
      const auto since = services_.clock.now() - token_lifetime;
      std::unordered_set<domain::SessionId> revoked;
      for (const auto& r : co_await services_.sessions.revoked_since(since, deadline)) {
        services_.revocations.revoke(r.session);
        revoked.insert(r.session);
      }
      for (const auto& client : clients_.all()) {
        if (revoked.contains(client->identity.session)) {
          clients_.close(client, CloseReason::session_revoked);
        }
      }
      loaded_ = !again_;
    } catch (const std::exception& fault) {
      if (tasks_.stopped()) throw;  // cancelled
      failed = true;
      meters_.store_faults.add();
      services_.log.repeated(observability::fault_level(fault), "gateway.revocations_unknown",
                             {{"error.message", fault.what()}});
    }
    if (!failed) continue;
    co_await base::pause(retry);
    retry = std::min(retry * 2, options_.retry_max);
  }
}

void RevocationWatch::heard(const domain::Event& event) {
  const auto session = wire::revoked_session(event);
  if (!session) return;
  services_.revocations.revoke(*session);
  for (const auto& client : clients_.of_user(*event.stream.user())) {
    if (client->identity.session == *session) {
      clients_.close(client, CloseReason::session_revoked);
    }
  }
}

}  // namespace rubricon::gateway
