#include "events.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <string_view>
#include <utility>

namespace socketio_echo {
namespace {

using namespace rubricon::socketio_server;
namespace json = boost::json;

void check_token(Admission admission) {
  const auto* token = admission.auth().get_object().if_contains("token");
  if (token != nullptr && *token == "bad") {
    admission.refuse({"unauthorized", json::object{{"code", "token_bad"}}});
  } else {
    admission.accept();
  }
}

/// The first argument as the name of a room, which is taken off; empty if it is no text.
std::string take_room(Args& args) {
  const auto* name = args[0].if_string();
  std::string room(name == nullptr ? std::string_view() : std::string_view(*name));
  args.pop_front();
  return room;
}

void join_room(const SocketPtr& socket, Event& event) {
  const auto room = take_room(event.args);
  event.ack({!room.empty() && socket->join(room)});
}

void send_to_room(const SocketPtr& socket, Event& event) {
  const auto room = take_room(event.args);
  socket->to(room).emit("kit-room-recv", event.args);
  event.ack();
}

/// Asks the client back, and tells it what it answered.
void ask_back(const SocketPtr& socket, Event& event) {
  const auto answered = [socket](std::expected<Args, AckFailure> answer) {
    socket->emit("kit-answer", answer ? *answer : Args{nullptr, "no answer"});
  };
  socket->emit_with_ack("kit-question", event.args, std::chrono::seconds(5), answered);
}

void add_events(Namespace& nsp) {
  nsp.use(check_token);
  nsp.on_connection([](const SocketPtr& socket) { socket->emit("auth", {socket->auth()}); });
  nsp.on("message",
         [](const SocketPtr& socket, Event& event) { socket->emit("message-back", event.args); });
  nsp.on("message-with-ack", [](const SocketPtr&, Event& event) { event.ack(event.args); });
  nsp.on("kit-join", join_room);
  nsp.on("kit-room-send", send_to_room);
  nsp.on("kit-kick", [](const SocketPtr& socket, Event&) { socket->disconnect(); });
  nsp.on("kit-ask", ask_back);
}

}  // namespace

void add_events(Server& io) {
  add_events(io.of("/"));
  add_events(io.of("/custom"));
}

}  // namespace socketio_echo
