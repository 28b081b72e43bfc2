#include <rubricon/socketio/packet.hpp>

#include <algorithm>
#include <array>

namespace rubricon::socketio {

bool is_reserved_event(std::string_view name) {
  static constexpr std::array<std::string_view, 6> reserved = {
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::ranges::find(reserved, name) != reserved.end();
}

}  // namespace rubricon::socketio
