/// A TCP connection to the server under load that never blocks.
#pragma once

#include "loop.hpp"

#include <netinet/in.h>
#include <cstddef>
#include <string>
#include <string_view>

namespace bench {

/// Where the server is, and which loopback address (host order) one comes from.
struct Route {
  std::uint16_t port = 0;
  std::uint32_t from = INADDR_LOOPBACK;
};

class Connection : private Loop::Handler {
 public:
  Connection(const Loop& loop, Route route) : loop_(loop), route_(route) {}
  ~Connection() override { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void open();
  void close();
  bool is_open() const { return fd_ >= 0; }

 protected:
  void send(std::string_view bytes);
  /// What comes is acknowledged when it is read, on the load's core. A socket that has answered
  /// before leaves that to the next segment's arrival, which on loopback the server is charged for.
  void acknowledge_when_read() const;
  virtual void connected() {}
  /// What came and was not consumed before; returns how much of it is consumed now.
  virtual std::size_t consume(std::string_view bytes) = 0;
  /// The server closed, or was not there. A load has no use for less than all of its connections.
  virtual void lost();

 private:
  void ready(std::uint32_t events) override;
  void flush();
  void receive();

  const Loop& loop_;
  Route route_;
  int fd_ = -1;
  bool connected_ = false;
  std::string in_;
  std::string out_;
};

}  // namespace bench
