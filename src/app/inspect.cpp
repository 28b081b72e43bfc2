#include <rubricon/app/inspect.hpp>

#include <rubricon/app/audit.hpp>
#include <rubricon/app/histories.hpp>
#include <rubricon/crypto/system_clock.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <thread>

namespace rubricon::app {
namespace {

constexpr auto poll_every = std::chrono::milliseconds(500);
constexpr std::size_t page = 500;

void print(const std::string& finding) {
  std::printf("%s%s", finding.c_str(), finding.ends_with('\n') ? "" : "\n");
}

int conclude(const AuditCount& count, const std::string& of_what, const char* sound,
             const char* of_begun_elsewhere) {
  std::printf("%s: %s\n", of_what.c_str(),
              count.findings == 0 ? sound : fmt::format("{} findings", count.findings).c_str());
  if (count.begun_elsewhere > 0) {
    std::printf("%zu chats begin in quarters that are not attached: %s\n", count.begun_elsewhere,
                of_begun_elsewhere);
  }
  return count.findings == 0 ? 0 : 1;
}

}  // namespace

int verify(const Config& config) {
  const crypto::SystemClock clock;
  const auto store = open_histories(config, clock);
  const auto count = verify_store(*store, clock.now(), {}, print);
  return conclude(
      count, fmt::format("{} chats, {} users, {} events", count.chats, count.users, count.events),
      "rules 3, 8 and 9 hold", "only what is here was checked");
}

int rebuild_events(const Config& config) {
  const crypto::SystemClock clock;
  const auto store = open_histories(config, clock);
  const auto count = compare_projections(*store, print);
  return conclude(count, fmt::format("{} chats, {} events", count.chats, count.events),
                  "the tables hold what the log says", "they were not rebuilt");
}

int tail_events(const Config& config, const TailRequest& request) {
  const std::string_view given = request.chat;
  const auto chat = domain::ChatId::parse(given.substr(given.starts_with("chat:") ? 5 : 0));
  if (!chat) throw ConfigError(fmt::format("\"{}\" is not the id of a chat", request.chat));
  const crypto::SystemClock clock;
  const auto store = open_histories(config, clock);
  // Each begins with an event, be it in a quarter that is not attached.
  const bool known =
      !store->events(domain::StreamId(*chat), domain::Seq(0), 1).empty() || store->read(*chat);
  if (!known) throw ConfigError(fmt::format("there is no chat {}", request.chat));
  domain::Seq printed(request.after);
  for (;;) {
    const auto events = store->events(domain::StreamId(*chat), printed, page);
    for (const auto& event : events) {
      std::printf("%s\n", domain::rest_form(event).c_str());
      printed = event.seq;
    }
    if (std::fflush(stdout) != 0) return 0;  // whoever read has gone
    if (events.size() == page) continue;
    if (!request.follow) return 0;
    std::this_thread::sleep_for(poll_every);  // the file of another process tells nobody
  }
}

}  // namespace rubricon::app
