#include <rubricon/revocation/revocation_watch.hpp>

#include <rubricon/base/backoff.hpp>
#include <rubricon/base/failpoint.hpp>
#include <rubricon/base/lower_at_end.hpp>
#include <rubricon/base/pause.hpp>
#include <rubricon/base/seeded_bug.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/observability/fault_level.hpp>

#include <algorithm>
#include <chrono>

namespace rubricon::revocation {
namespace {

/// A token lives 15 minutes; one more for clocks that disagree.
constexpr base::Milliseconds token_lifetime{16 * 60'000};
/// Time servers move a clock gently by less than this, and a token's extra minute is more.
constexpr base::Milliseconds clock_step{5'000};
/// What is revoked now is read within this of the time that its writer's clock gave it.
constexpr base::Milliseconds newest{60'000};

}  // namespace

void RevocationWatch::load() {
  loaded_ = false;
  again_ = loading_;
  if (loading_) return;
  loading_ = tasks_.spawn(load_until_done());
}

void RevocationWatch::look() {
  if (!loaded_) return;
  if (clock_offset() < loaded_offset_ - clock_step) return load();
  if (!looking_) looking_ = tasks_.spawn(look_for_unheard());
}

base::Milliseconds RevocationWatch::clock_offset() const {
  return base::Milliseconds(base::unix_ms(services_.clock.now())) -
         std::chrono::floor<base::Milliseconds>(services_.clock.monotonic().time_since_epoch());
}

base::Task<void> RevocationWatch::load_until_done() {
  const base::LowerAtEnd guard(loading_);
  base::Backoff retry(options_.retry_min, options_.retry_max, services_.clock.monotonic());
  while (!loaded_) {
    bool failed = false;
    again_ = false;
    try {
      base::failpoint("gateway.before_ready");
      co_await load_once();
      loaded_ = !again_;
    } catch (const std::exception& fault) {
      if (tasks_.stopped()) throw;  // cancelled
      failed = true;
      if (hooks_.store_failed) hooks_.store_failed();
      services_.log.repeated(observability::fault_level(fault), "revocation.unknown",
                             {{"error.message", fault.what()}});
    }
    if (!failed) continue;
    co_await base::pause(retry.next());
  }
}

base::Task<void> RevocationWatch::load_once() {
  const auto deadline = base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
  loaded_offset_ = clock_offset();
  const auto since = services_.clock.now() - token_lifetime;
  Sessions ended;
  for (const auto& revocation : co_await services_.sessions.revoked_since(since, deadline)) {
    ended.insert(revocation.session);
  }
  tell(ended, std::nullopt);
}

/// Where the store cannot tell, what was known is still known, and it is asked again at the next
/// look.
base::Task<void> RevocationWatch::look_for_unheard() {
  const base::LowerAtEnd guard(looking_);
  const auto deadline = base::Deadline::after(services_.clock.monotonic(), options_.store_timeout);
  try {
    Sessions unheard;
    const auto since = services_.clock.now() - newest;
    for (const auto& revocation : co_await services_.sessions.revoked_since(since, deadline)) {
      if (!services_.revocations.revoked(revocation.session)) unheard.insert(revocation.session);
    }
    tell(unheard, std::nullopt);
  } catch (const std::exception& fault) {
    if (tasks_.stopped()) throw;  // cancelled
    services_.log.repeated(observability::fault_level(fault), "revocation.not_looked_for",
                           {{"error.message", fault.what()}});
  }
}

void RevocationWatch::heard(const domain::Event& event) {
  if (const auto session = domain::revoked_session(event)) tell({*session}, event.stream.user());
}

void RevocationWatch::tell(const Sessions& ended, std::optional<domain::UserId> user) {
  if (RUBRICON_SEEDED_BUG(deaf_to_revocations)) return;
  for (const auto session : ended) services_.revocations.revoke(session);
  if (hooks_.ended && !ended.empty()) hooks_.ended(ended, user);
}

}  // namespace rubricon::revocation
