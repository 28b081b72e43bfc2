#include "connection.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace bench {

void Connection::open() {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "socket");
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(route_.from);
  if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "bind");
  }
  address.sin_port = htons(route_.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    return lost();
  }
  loop_.add(fd_, this);
}

void Connection::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  connected_ = false;
  in_.clear();
  out_.clear();
}

void Connection::send(std::string_view bytes) {
  if (!out_.empty()) {
    out_ += bytes;
    return;
  }
  const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return lost();
  const auto done = sent < 0 ? 0 : static_cast<std::size_t>(sent);
  if (done < bytes.size()) out_ = bytes.substr(done);
}

void Connection::acknowledge_when_read() const {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

void Connection::ready(std::uint32_t events) {
  if (fd_ < 0) return;
  if ((events & EPOLLERR) != 0) return lost();
  if (!connected_ && (events & EPOLLOUT) != 0) {
    connected_ = true;
    connected();
  }
  if (fd_ >= 0 && (events & EPOLLOUT) != 0) flush();
  if (fd_ >= 0 && (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) != 0) receive();
}

void Connection::flush() {
  if (out_.empty()) return;
  const auto sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) return lost();
  if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
}

void Connection::receive() {
  std::array<char, 64 << 10> buffer;  // tidy: allow uninitialised because recv() fills it
  while (fd_ >= 0) {
    const auto got = ::recv(fd_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return lost();
    const std::string_view fresh(buffer.data(), static_cast<std::size_t>(got));
    if (in_.empty()) {
      const auto used = consume(fresh);
      if (fd_ >= 0) in_ = fresh.substr(used);
    } else {
      in_ += fresh;
      const auto used = consume(in_);
      if (fd_ >= 0) in_.erase(0, used);
    }
    if (static_cast<std::size_t>(got) < buffer.size()) return;
  }
}

void Connection::lost() {
  throw std::runtime_error("the server closed a connection");
}

}  // namespace bench
