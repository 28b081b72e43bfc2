#include "protocol.hpp"

#include <charconv>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr const char* raw_path = "/";
constexpr const char* socketio_path = "/socket.io/?EIO=4&transport=websocket";

}  // namespace

std::int64_t number_after(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  std::int64_t number = -1;
  if (at != std::string_view::npos) {
    std::from_chars(text.data() + at + key.size(), text.data() + text.size(), number);
  }
  return number;
}

Subscriber::Subscriber(const Loop& loop, Route route, Membership membership)
    : WebSocketClient(loop, route, membership.protocol == Protocol::raw ? raw_path : socketio_path),
      membership_(std::move(membership)) {}

void Subscriber::opened() {
  if (membership_.protocol == Protocol::raw) enter();
}

void Subscriber::enter() {
  joined_ = true;
  entered();
}

void Subscriber::heard(std::string_view text) {
  if (membership_.protocol != Protocol::raw) return heard_packet(text);
  heard_message(number_after(text, "\"n\":"));
}

void Subscriber::heard_packet(std::string_view text) {
  const bool node = membership_.protocol == Protocol::node;
  if (text.starts_with("42[\"new-msg\"")) {
    return heard_message(number_after(text, node ? "\"n\":" : "\"seq\":"));
  }
  if (text.starts_with("42")) return heard_event(text);
  if (text == "2") return send_text("3");
  if (text.starts_with("0")) {
    return send_text(node ? "40" : "40{\"token\":\"" + membership_.token + "\"}");
  }
  if (text.starts_with("40")) {
    if (membership_.chat.empty()) return enter();
    return send_text(node ? "420[\"join\",\"" + membership_.chat + "\"]"
                          : "420[\"join-chat\",{\"chatId\":\"" + membership_.chat +
                                "\",\"epoch\":1,\"after\":" + std::to_string(membership_.after) +
                                "}]");
  }
  if (text.starts_with("430")) {
    if (!node && number_after(text, "\"head\":") < 0) {
      throw std::runtime_error("not let into the chat: " + std::string(text));
    }
    return enter();
  }
  if (text.starts_with("44")) throw std::runtime_error("refused: " + std::string(text));
}

}  // namespace bench
