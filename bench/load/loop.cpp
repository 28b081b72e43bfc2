#include "loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>
#include <array>
#include <chrono>
#include <stdexcept>
#include <system_error>

namespace bench {

std::int64_t now_ns() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

Loop::Loop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

Loop::~Loop() {
  ::close(epoll_);
}

void Loop::add(int fd, Handler* handler) const {
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLET | EPOLLRDHUP, .data = {.ptr = handler}};
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

void Loop::turn(int milliseconds) const {
  std::array<epoll_event, 512> events{};
  const int count = ::epoll_wait(epoll_, events.data(), events.size(), milliseconds);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    static_cast<Handler*>(event.data.ptr)->ready(event.events);
  }
}

void Loop::turn_until(const std::function<bool()>& done) const {
  constexpr std::int64_t patience = 30 * second_ns;
  const auto end = now_ns() + patience;
  while (!done()) {
    if (now_ns() > end) throw std::runtime_error("it did not happen in time: something is lost");
    turn(0);
  }
}

}  // namespace bench
