/// A WebSocket client that trusts its server (RFC 6455, text frames, no fragments).
#pragma once

#include "connection.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace bench {

class WebSocketClient : public Connection {
 public:
  WebSocketClient(const Loop& loop, Route route, std::string path)
      : Connection(loop, route), path_(std::move(path)) {}

  void send_text(std::string_view text);

 protected:
  virtual void opened() {}
  virtual void heard(std::string_view text) = 0;

 private:
  void connected() override;
  std::size_t consume(std::string_view bytes) override;

  std::string path_;
  bool upgraded_ = false;
};

}  // namespace bench
