#include <rubricon/redis/adapter_node.hpp>

#include <rubricon/redis/foreign_names.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace rubricon::redis {
namespace {

/// Sockets in one answer at most; what asks for more gets so many.
constexpr std::size_t sockets_max = 10'000;

constexpr std::array<std::string_view, 4> ephemeral_names = {"typing", "presence", "ai-delta",
                                                             "upload-progress"};

std::set<std::string> names_of(const std::vector<std::string>& more) {
  std::set<std::string> names(ephemeral_names.begin(), ephemeral_names.end());
  for (const auto& name : more) {
    if (!only_ours(name)) names.insert(name);
  }
  return names;
}

bool is_stream(const std::string& room) {
  return room.starts_with("chat:") || room.starts_with("user:");
}

/// As the bus has it, where it is for one chat or user and of a kind that the bus carries.
std::optional<ports::Ephemeral> as_ephemeral(const AdapterPacket& packet) {
  if (packet.rooms.size() != 1 || !packet.except.empty() || packet.args.size() != 1 ||
      !packet.args.front().is_object() ||
      std::ranges::find(ephemeral_names, packet.name) == ephemeral_names.end()) {
    return std::nullopt;
  }
  const auto stream = domain::StreamId::parse(packet.rooms.front());
  if (!stream) return std::nullopt;
  return ports::Ephemeral{*stream, packet.name, boost::json::serialize(packet.args.front())};
}

/// JSON texts with commas between them.
std::string args_text(const boost::json::array& args) {
  auto text = boost::json::serialize(args);
  return text.substr(1, text.size() - 2);
}

}  // namespace

AdapterNode::Meters::Meters(observability::Metrics& m)
    : passed(m.counter("rubricon_redis_adapter_messages_total", "Messages of other servers",
                       {{"outcome", "passed"}})),
      ours(m.counter("rubricon_redis_adapter_messages_total", "Messages of other servers",
                     {{"outcome", "ours"}})),
      malformed(m.counter("rubricon_redis_adapter_messages_total", "Messages of other servers",
                          {{"outcome", "malformed"}})),
      refused_name(m.counter("rubricon_redis_adapter_messages_total", "Messages of other servers",
                             {{"outcome", "refused_name"}})),
      refused_rooms(m.counter("rubricon_redis_adapter_messages_total", "Messages of other servers",
                              {{"outcome", "refused_rooms"}})),
      requests(m.counter("rubricon_redis_adapter_requests_total", "Requests of other servers")) {}

AdapterNode::AdapterNode(Subscriber& subscriber, Connection& connection, ports::EphemeralBus& local,
                         ports::LocalSockets& sockets, AdapterNodeOptions options,
                         observability::Log& log, observability::Metrics& metrics)
    : connection_(connection),
      local_(local),
      sockets_(sockets),
      options_(std::move(options)),
      names_(names_of(options_.more_names)),
      log_(log),
      meters_(metrics) {
  subscriber.subscribe_pattern(options_.channels.broadcast_pattern(),
                               [this](std::string_view, std::string_view m) { heard(m); });
  subscriber.subscribe(options_.channels.requests(),
                       [this](std::string_view, std::string_view m) { asked(m); });
}

void AdapterNode::heard(std::string_view message) {
  const auto packet = parse_adapter_packet(message);
  if (!packet) return meters_.malformed.add();
  if (packet->uid == options_.uid || packet->uid == adapter_bridge_uid) return meters_.ours.add();
  if (packet->nsp != "/") return meters_.malformed.add();
  if (!allowed(packet->name)) {
    return refused(meters_.refused_name, "redis.foreign_event_refused", packet->name);
  }
  meters_.passed.add();
  pass(*packet);
}

void AdapterNode::pass(const AdapterPacket& packet) {
  if (auto message = as_ephemeral(packet)) return local_.publish(std::move(*message));
  sockets_.emit({packet.rooms, packet.except}, packet.name, args_text(packet.args));
}

void AdapterNode::asked(std::string_view message) {
  const auto request = parse_adapter_request(message);
  if (!request) return meters_.malformed.add();
  if (request->uid == options_.uid) return;
  meters_.requests.add();
  obey(*request);
}

void AdapterNode::obey(const AdapterRequest& request) {
  using enum AdapterRequestType;
  switch (request.type) {
    case sockets:
      return answer(request,
                    sockets_answer(request.id, sockets_.find(request.filter, sockets_max)));
    case all_rooms: return answer(request, rooms_answer(request.id, sockets_.rooms()));
    case remote_join:
    case remote_leave: return move(request);
    case remote_disconnect: return sockets_.disconnect(request.filter, request.how);
    case remote_fetch:
      return answer(request, fetch_answer(request.id, sockets_.find(request.filter, sockets_max)));
    case server_side_emit: return answer(request, server_side_answer(request.id));
    // Clients of ours acknowledge nothing that may come from elsewhere, so none is asked.
    case broadcast: return answer(request, broadcast_answer(request.id, 0));
  }
}

void AdapterNode::move(const AdapterRequest& request) {
  const bool trusted = options_.trust == AdapterTrust::full;
  if (!trusted && std::ranges::any_of(request.rooms, is_stream)) {
    return refused(meters_.refused_rooms, "redis.foreign_room_refused", "");
  }
  if (request.type == AdapterRequestType::remote_join) {
    sockets_.join(request.filter, request.rooms);
  } else {
    sockets_.leave(request.filter, request.rooms);
  }
}

void AdapterNode::answer(const AdapterRequest& request, const std::string& bytes) {
  if (request.id.empty()) return;
  (void)connection_.post(Command{"PUBLISH", options_.channels.answers(request.uid), bytes});
}

void AdapterNode::refused(observability::Counter& counter, const char* event,
                          std::string_view name) {
  counter.add();
  log_.repeated(observability::Level::warning, event, {{"name", name}});
}

}  // namespace rubricon::redis
