/// The rules of `history` and the projections of `projection`, held against a stored database:
/// what `rubricon verify` and `rubricon events rebuild` say.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/chat_history.hpp>

#include <cstddef>
#include <functional>
#include <string>

namespace rubricon::app {

/// What the store holds may be under way until it is this old: an outbox row not yet taken, a
/// question not yet answered.
struct AuditPatience {
  base::Milliseconds outbox{60'000};
  base::Milliseconds answer{10 * 60'000};
};

struct AuditCount {
  std::size_t chats = 0;
  std::size_t users = 0;
  std::size_t events = 0;
  std::size_t findings = 0;
  std::size_t begun_elsewhere = 0;  ///< chats whose first events were taken out of the store
};

/// Called with each finding, a text of one or more lines that shows no words of people.
using Report = std::function<void(const std::string&)>;

/// Rules 3, 8 and 9 of history/check.hpp, of every chat's stream and every user's: what rows alone
/// can show. The others need witnesses.
AuditCount verify_store(ports::ChatHistories& store, base::Time now, AuditPatience patience,
                        const Report& report);

/// Rebuilds every chat from its events and compares; but for those whose first events are gone. And
/// asks whether the search index finds what is there.
AuditCount compare_projections(ports::ChatHistories& store, const Report& report);

}  // namespace rubricon::app
