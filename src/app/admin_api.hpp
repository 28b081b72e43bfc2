/// What operators' commands ask of a running server, on the listener for operators: /admin/….
#pragma once

#include <rubricon/app/operator_seal.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/dead_jobs.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/event_store.hpp>
#include <rubricon/ports/token_authority.hpp>
#include <rubricon/ports/user_store.hpp>

#include <boost/json/object.hpp>

#include <array>
#include <string_view>
#include <vector>

namespace rubricon::app {

struct AdminServices {
  ports::EventStore& events;
  ports::EventBus& bus;
  ports::UserStore& users;
  ports::Revocations& revocations;
  ports::DeadJobs& dead_jobs;
  ports::JobQueue& jobs;
  const ports::Clock& clock;
  observability::Log& log;
};

/// One shard; what it is made of outlives it. Every request is sealed: whoever can read the key
/// folder can do so, so a command on the server's machine needs no password, and a page in a
/// browser or another account on the machine cannot ask anything. 401 without the seal, 404 for
/// anything but these, 404/"unknown_address" where nobody has the address; each with a JSON object
/// as its body and as its answer:
///
///     POST /admin/events/replay  {"stream", "after", "until"} → {"published", "last"}
///     POST /admin/users/list     {"after"} → {"users": [{"email", "name", "role", "disabled"}]}
///     POST /admin/users/disable  {"email"} → {"sessionsEnded"}
///     POST /admin/users/enable   {"email"} → {"sessionsEnded"}
///     POST /admin/jobs/dead/list {"before"} → {"jobs": [{"id", "chatId", "replyTo", "attempts",
///                                                        "reason", "failedAt"}]}
///     POST /admin/jobs/dead/replay {"job"} → {"job"} or {"refused"}
///
/// replay publishes the stored events after `after` and up to `until` of a stream again, in order,
/// at most a page of them; `last` is where to go on, `published` 0 at the end. Receivers that have
/// them drop them; nothing is written. list answers a page of at most 100, by address; that of dead
/// jobs the newest of those before `before`, or of all where that is empty. A dead job's replay
/// answers the job that takes its place, or why there is none: "not_dead", "assistant_off".
class AdminApi final : public net::HttpHandler {
 public:
  static constexpr std::string_view unknown_address = "unknown_address";

  AdminApi(OperatorSeal seal, const AdminServices& services);

  /// Of everything that can be asked.
  static std::vector<std::string_view> paths();

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;

 private:
  using Answer = base::Result<boost::json::object>;

  /// What is behind a path.
  struct Call {
    std::string_view path;
    base::Task<Answer> (AdminApi::*answer)(boost::json::object body, base::Deadline deadline);
  };
  static const std::array<Call, 6> calls;

  base::Task<Answer> replay(boost::json::object body, base::Deadline deadline);
  base::Task<Answer> list_users(boost::json::object body, base::Deadline deadline);
  base::Task<Answer> disable(boost::json::object body, base::Deadline deadline);
  base::Task<Answer> enable(boost::json::object body, base::Deadline deadline);
  base::Task<Answer> list_dead_jobs(boost::json::object body, base::Deadline deadline);
  base::Task<Answer> replay_dead_job(boost::json::object body, base::Deadline deadline);
  base::Task<Answer> set_disabled(boost::json::object body, bool disabled, base::Deadline deadline);

  OperatorSeal seal_;
  AdminServices services_;
};

}  // namespace rubricon::app
