#include "engine_echo.hpp"

#include <string>
#include <string_view>

namespace socketio_echo {
namespace {

using rubricon::socketio_server::EngineListener;
using rubricon::socketio_server::EngineSocket;

class Echo final : public EngineListener {
 public:
  explicit Echo(const std::shared_ptr<EngineSocket>& socket) : socket_(socket) {}

  void on_text(std::string_view text) override {
    if (const auto socket = socket_.lock()) socket->send_text(text);
  }
  void on_binary(std::string bytes) override {
    if (const auto socket = socket_.lock()) socket->send_binary(bytes);
  }
  void on_closed(rubricon::socketio::Reason /*reason*/) override {}

 private:
  std::weak_ptr<EngineSocket> socket_;  ///< it owns this object
};

}  // namespace

std::shared_ptr<EngineListener> make_engine_echo(const std::shared_ptr<EngineSocket>& socket) {
  return std::make_shared<Echo>(socket);
}

}  // namespace socketio_echo
