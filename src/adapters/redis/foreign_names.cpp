#include <rubricon/redis/foreign_names.hpp>

#include <rubricon/domain/event.hpp>

namespace rubricon::redis {

bool only_ours(std::string_view name) {
  using enum domain::EventType;
  // The last enumerator; those before it are all of them.
  for (int type = 0; type <= static_cast<int>(session_revoked); ++type) {
    if (name == domain::socket_event_name(static_cast<domain::EventType>(type))) return true;
  }
  return name == "heads" || name == "server-closing" || name == "server-draining";
}

}  // namespace rubricon::redis
