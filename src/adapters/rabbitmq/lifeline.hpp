/// Lets another thread end a library call that waits for a socket and knows no time-out.
#pragma once

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>

namespace rubricon::rabbitmq {

/// Keeps a duplicate of the descriptor: the library may close its own at any time, and a number
/// that was closed may already be somebody else's. Safe from any thread.
class Lifeline {
 public:
  Lifeline() = default;
  ~Lifeline() { release(); }
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  void hold(int socket) {
    const std::lock_guard lock(mutex_);
    drop();
    socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  }
  void release() {
    const std::lock_guard lock(mutex_);
    drop();
  }
  /// Whoever waits for the socket is woken with an error. Harmless where none is held.
  void cut() {
    const std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }

 private:
  void drop() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

  std::mutex mutex_;
  int socket_ = -1;
};

}  // namespace rubricon::rabbitmq
