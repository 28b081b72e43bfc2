/// One message on the whole path, seen from outside.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/canary/event_socket.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/random.hpp>
#include <rubricon/rest_client/rest_client.hpp>
#include <rubricon/rest_client/target.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::canary {

/// In the order in which they are taken.
enum class Step { sign_in, chat, connect, join, store, hear, answer, sign_out };
inline constexpr std::size_t step_count = 8;
/// "sign_in", …: labels of metrics, fields of the log.
std::string_view to_string(Step step);

struct Account {
  std::string email;
  std::string password;
};

struct ProbeOptions {
  base::Milliseconds call_timeout{10'000};    ///< a request, a connection, an acknowledgement
  base::Milliseconds hear_timeout{10'000};    ///< from the 201 to the event
  base::Milliseconds answer_timeout{60'000};  ///< from there to the answer
};

/// From the beginning of the POST.
struct Delays {
  base::Milliseconds stored{};
  base::Milliseconds heard{};
  base::Milliseconds answered{};
};

/// Where a probe ended early, and a sentence that shows no secret.
struct Failure {
  Step step = Step::sign_in;
  std::string what;
};

struct Outcome {
  Delays delays;
  std::optional<Failure> failure;
};

/// Probes one server again and again, as one account. Each probe signs in and, however it ends,
/// out, so that it leaves no session behind. `clock` and `random` outlive it.
class Probe {
 public:
  Probe(rest_client::Target target, Account account, ProbeOptions options,
        const ports::Clock& clock, ports::Random& random);

  /// One message. Throws only where it is cancelled.
  base::Task<Outcome> run();

 private:
  struct Message {
    std::int64_t seq = 0;
    base::Instant began;
  };
  base::Task<void> attempt();
  base::Task<void> sign_in();
  /// Where there is a session. What went wrong is told and not thrown.
  base::Task<std::optional<Failure>> sign_out();
  base::Task<void> find_chat();
  base::Task<Message> post();
  base::Task<void> hear(EventSocket* socket, Message message);
  base::Task<boost::json::value> rest(std::string method, std::string path, boost::json::value body,
                                      unsigned expected);
  base::Milliseconds since(base::Instant began) const;
  std::string new_client_id();

  rest_client::Target target_;
  Account account_;
  ProbeOptions options_;
  const ports::Clock& clock_;
  ports::Random& random_;
  Step step_ = Step::sign_in;
  Delays delays_;
  std::string token_;
  std::string chat_;
};

}  // namespace rubricon::canary
