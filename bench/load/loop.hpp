/// One epoll and the clock of the load: everything here lives on one thread.
#pragma once

#include <cstdint>
#include <functional>

namespace bench {

/// Nanoseconds of a monotonic clock.
std::int64_t now_ns();
inline constexpr std::int64_t second_ns = 1'000'000'000;

class Loop {
 public:
  class Handler {
   public:
    virtual ~Handler() = default;
    virtual void ready(std::uint32_t events) = 0;
  };

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// `handler` is called for the descriptor until that is closed.
  void add(int fd, Handler* handler) const;
  /// Waits for at most so long and calls whoever is ready. With 0 the load never sleeps: waking it
  /// up would be charged to the server, and the more the slower that is.
  void turn(int milliseconds) const;
  /// Until `done` says so. Throws where it does not within half a minute: then something is lost.
  void turn_until(const std::function<bool()>& done) const;

 private:
  int epoll_;
};

}  // namespace bench
