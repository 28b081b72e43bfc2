/// How other threads wake one that waits in poll(): an eventfd.
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace rubricon::rabbitmq {

class Wake {
 public:
  Wake() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) throw std::system_error(errno, std::system_category(), "eventfd");
  }
  ~Wake() { ::close(fd_); }
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  /// From any thread. Not lost where nobody waits yet.
  void signal() noexcept { ::eventfd_write(fd_, 1); }
  /// By the thread that waits, before it looks at what it was woken for.
  void clear() noexcept {
    ::eventfd_t ignored = 0;
    ::eventfd_read(fd_, &ignored);
  }
  int fd() const noexcept { return fd_; }

 private:
  int fd_;
};

}  // namespace rubricon::rabbitmq
