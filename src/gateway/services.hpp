/// What a gateway needs from the world; `app` chooses. Everything outlives the gateway. Of what is
/// stored it sees readers only; the one thing it has stored, it has stored by the api.
#pragma once

#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/connection_limiter.hpp>
#include <rubricon/ports/ephemeral_bus.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/message_submitter.hpp>
#include <rubricon/ports/presence.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/ports/running_answers.hpp>
#include <rubricon/ports/session_store.hpp>
#include <rubricon/ports/token_authority.hpp>

namespace rubricon::gateway {

struct Services {
  const ports::TokenVerifier& tokens;
  ports::Revocations& revocations;
  ports::RevocationLog& sessions;
  ports::ChatReader& chats;
  ports::EventStore& events;
  ports::EventBus& bus;
  ports::EphemeralBus& ephemerals;
  ports::Presence& presence;
  ports::ConnectionLimiter* connections;  ///< of all gateways; null where this one counts alone
  ports::RunningAnswers& answers;
  ports::MessageSubmitter& submitter;
  const ports::Clock& clock;
  ports::Random& random;
  observability::Log& log;
  observability::Metrics& metrics;
};

}  // namespace rubricon::gateway
