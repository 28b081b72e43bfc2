/// One Socket.IO client of the crowd: connects by WebSocket, joins one chat, counts what it hears,
/// and comes back as the official client does. One thread; the owner's loop drives it.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace crowd {

/// Milliseconds of a monotonic clock.
std::int64_t now_ms();

/// A chat as its followers see it: they are level when they have `target`.
struct Chat {
  std::string id;
  std::int64_t target = 0;
};

/// A socket that was not sent what it missed: it is to read the events after `after`, up to `head`.
struct Anew {
  std::string chat;
  std::int64_t after = 0;
  std::int64_t head = 0;
};

/// What all sockets have met together.
struct Tally {
  std::map<std::string, std::uint64_t> refusals;  ///< "503" (HTTP), "rate_limited" (Socket.IO)…
  std::map<std::string, std::uint64_t> closings;  ///< codes of server-closing: "slow"…
  std::uint64_t violations = 0;                   ///< an event that was not the next one
  std::uint64_t events = 0;
  std::vector<Anew> anew;  ///< one for each time that a socket was told to read anew
  std::uint64_t bytes = 0;
};

struct Place {
  sockaddr_in server{};
  int epoll = -1;
  std::mt19937_64 random{std::random_device{}()};
  Tally tally;
  std::int64_t mark = 0;  ///< what is measured began then
};

class CrowdSocket {
 public:
  struct Options {
    std::string token;
    Chat* chat = nullptr;
    in_addr_t from = 0;                 ///< address to connect from, network order
    std::int64_t bytes_per_second = 0;  ///< 0: as fast as it comes
    std::int64_t after = 0;
  };

  CrowdSocket(Place& place, Options options)
      : place_(place), options_(std::move(options)), seq_(options_.after) {}
  ~CrowdSocket() { drop(); }
  CrowdSocket(const CrowdSocket&) = delete;
  CrowdSocket& operator=(const CrowdSocket&) = delete;

  /// Connects at `at`, or later when the server asks for it.
  void connect_at(std::int64_t at) { wake_at_ = at; }
  /// Called often: begins what is due.
  void tick(std::int64_t now);
  /// What epoll said.
  void ready(std::uint32_t events);

  bool live() const { return live_; }
  bool level() const { return live_ && seq_ >= options_.chat->target; }
  /// From the mark until it was level; only where level().
  std::int64_t level_after() const { return level_at_ - place_.mark; }
  /// Measures anew: it is level again when it next hears something that makes it so.
  void forget_level() { level_at_ = 0; }
  void note_level();
  /// Reads as fast as it comes from now on.
  void hurry();

 private:
  enum class State { idle, connecting, upgrading, open };

  void begin();
  void lost();
  void drop();
  void read_some(std::size_t most);
  void take_upgrade();
  void take_frames();
  void heard(std::string_view text);
  void heard_event(std::string_view text);
  void heard_ack(std::string_view text);
  void join();
  void send_text(std::string_view text);
  void flush();
  void retry_after(std::int64_t wait_ms);

  Place& place_;
  Options options_;
  State state_ = State::idle;
  int fd_ = -1;
  std::int64_t wake_at_ = -1;  ///< connects (idle) or joins again (open)
  int attempts_ = 0;
  std::string in_, out_;
  bool live_ = false;
  std::int64_t seq_;
  std::int64_t level_at_ = 0;
  std::int64_t read_at_ = 0;
};

}  // namespace crowd
