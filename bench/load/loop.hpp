/// One epoll and the clock of the load: everything here lives on one thread.
#pragma once

#include <cstdint>

namespace bench {

/// Nanoseconds of a monotonic clock.
std::int64_t now_ns();

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
  /// Waits for at most so long and calls whoever is ready.
  void turn(int milliseconds) const;

 private:
  int epoll_;
};

}  // namespace bench
