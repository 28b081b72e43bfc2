/// A Socket.IO client over WebSocket, as much of one as a probe needs.
#pragma once

#include <rubricon/base/task.hpp>
#include <rubricon/base/time.hpp>
#include <rubricon/rest_client/target.hpp>

#include <boost/json/value.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

namespace rubricon::canary {

/// One coroutine at a time. Every wait ends within its `time`, and throws
/// boost::system::system_error where it does so without what it waited for, or where the connection
/// is lost; the socket is of no use then. Closes when it is destroyed.
class EventSocket {
 public:
  explicit EventSocket(rest_client::Target target);
  ~EventSocket();
  EventSocket(const EventSocket&) = delete;
  EventSocket& operator=(const EventSocket&) = delete;

  /// Opens a session and joins the namespace "/" with `token`. The server's refusal is thrown as
  /// Refused.
  base::Task<void> connect(std::string token, base::Milliseconds time);

  /// Emits an event and resolves with its acknowledgement. Events that come meanwhile are kept for
  /// `next`.
  base::Task<boost::json::value> request(std::string name, boost::json::value argument,
                                         base::Milliseconds time);

  struct Event {
    std::string name;
    boost::json::value payload;
  };
  base::Task<Event> next(base::Milliseconds time);

 private:
  struct Stream;
  /// The next Socket.IO packet; heartbeats are answered on the way.
  base::Task<std::string> packet();
  base::Task<void> send(std::string text);
  void keep(std::string_view packet);

  rest_client::Target target_;
  std::unique_ptr<Stream> stream_;
  std::deque<Event> events_;
  std::uint64_t last_ack_ = 0;
};

/// The server answered, and said no.
class Refused : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace rubricon::canary
