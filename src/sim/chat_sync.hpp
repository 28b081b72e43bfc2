/// Keeps one chat level with the server, as client/src/sync/chat_sync.ts does: every event once, in
/// order; what is further on waits while the hole before it is read; another epoch, or `resync`,
/// means reading the whole chat anew.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/sim/device_parts.hpp>
#include <rubricon/sim/partial_answers.hpp>

#include <boost/json/object.hpp>

#include <map>
#include <string>

namespace rubricon::sim {

class ChatSync {
 public:
  ChatSync(DeviceParts& device, SocketClient& socket, std::string chat);

  /// Until cancelled.
  base::Task<void> run();

  /// Brings the chat level; call on each connect.
  void level();
  void disconnected() { stay_ = {}; }
  void receive(std::string_view name, const boost::json::object& payload);
  void delta(const boost::json::object& payload);
  void head_is(std::int64_t seq);

 private:
  struct Seen {
    std::int64_t epoch;
    std::string name;
    boost::json::object data;
  };
  /// One stay in the room on one socket.
  struct Stay {
    std::uint64_t number = 0;  ///< 0: not joined
    Place from;
  };

  Place* place();
  base::Task<void> join();
  void join_acknowledged(const boost::json::value& ack, Place from);
  base::Task<bool> refetch();
  base::Task<void> drain();
  base::Task<bool> fill_hole();
  bool apply_run();
  void apply(std::int64_t seq, const Seen& seen);
  void failed(const Answer& answer);
  void gone();
  void retry_later(base::Milliseconds delay);

  DeviceParts& device_;
  SocketClient& socket_;
  std::string chat_;  ///< its id
  std::string name_;
  Bell bell_;
  bool level_wanted_ = true;
  bool refetch_wanted_ = false;
  std::map<std::int64_t, Seen> waiting_;
  std::int64_t head_ = 0;
  int attempt_ = 0;
  std::uint64_t retry_ = 0;  ///< the newest retry's number: older ones are off
  Stay stay_;
  PartialAnswers partials_;
  /// Late steps look whether the device still lives.
  std::shared_ptr<int> alive_ = std::make_shared<int>();
};

}  // namespace rubricon::sim
