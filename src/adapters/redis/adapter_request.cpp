#include <rubricon/redis/adapter_request.hpp>

#include <rubricon/redis/adapter_fields.hpp>
#include <rubricon/redis/message_pack.hpp>

#include <boost/json.hpp>

#include <utility>

namespace rubricon::redis {
namespace {

namespace json = boost::json;
using ports::SocketSummary;

constexpr std::size_t id_bytes_max = 64;
/// Of the answers to what is numbered 7.
constexpr std::int64_t client_count_type = 8;

std::optional<json::value> parse_value(std::string_view bytes) {
  if (!bytes.starts_with('{')) return parse_message_pack(bytes);
  if (bytes.size() > MessagePackLimits().bytes) return std::nullopt;
  boost::system::error_code error;
  auto value = json::parse({bytes.data(), bytes.size()}, error, {},
                           {.max_depth = MessagePackLimits().depth});
  if (error) return std::nullopt;
  return value;
}

json::array texts(const std::vector<std::string>& list) {
  json::array array;
  for (const auto& text : list) array.push_back(json::string(text));
  return array;
}

/// The members that a `Handshake` of socket.io has, with what others need not know left empty.
json::object handshake_of(const SocketSummary& socket) {
  return {{"headers", json::object()},
          {"time", ""},
          {"address", socket.address},
          {"xdomain", false},
          {"secure", true},
          {"issued", 0},
          {"url", ""},
          {"query", json::object()},
          {"auth", json::object()}};
}

/// Whom it is about: `sockets(rooms)` names its rooms beside, the others in their options. Without
/// these nobody, and never everybody, is meant.
std::optional<ports::SocketFilter> read_filter(const json::object& request,
                                               AdapterRequestType type) {
  using enum AdapterRequestType;
  if (type == all_rooms || type == server_side_emit) return ports::SocketFilter{};
  const auto* opts = request.if_contains("opts");
  const bool has_opts = opts && opts->is_object();
  if (type != sockets && !has_opts) return std::nullopt;
  const auto& object = type == sockets ? request : opts->get_object();
  auto rooms = texts_field(object, "rooms");
  auto except = texts_field(object, "except");
  if (!rooms || !except) return std::nullopt;
  return ports::SocketFilter{std::move(*rooms), std::move(*except)};
}

}  // namespace

std::optional<AdapterRequest> parse_adapter_request(std::string_view bytes) {
  const auto value = parse_value(bytes);
  if (!value || !value->is_object()) return std::nullopt;
  const auto& object = value->get_object();
  const auto* type = object.if_contains("type");
  if (!type || !(type->is_int64() || type->is_uint64())) return std::nullopt;
  boost::system::error_code error;
  const auto number = type->to_number<std::int64_t>(error);
  if (error || number < 0 || number > 7) return std::nullopt;
  AdapterRequest request{.type = static_cast<AdapterRequestType>(number),
                         .uid = text_field(object, "uid").value_or(""),
                         .id = text_field(object, "requestId").value_or(""),
                         .filter = {},
                         .rooms = {}};
  auto rooms = texts_field(object, "rooms");
  auto filter = read_filter(object, request.type);
  if (!rooms || !filter) return std::nullopt;
  request.filter = std::move(*filter);
  if (request.id.size() > id_bytes_max || request.uid.size() > id_bytes_max) return std::nullopt;
  request.rooms = std::move(*rooms);
  const auto* close = object.if_contains("close");
  if (close && close->is_bool() && close->get_bool()) request.how = ports::Disconnect::transport;
  return request;
}

std::string sockets_answer(const std::string& id, const std::vector<SocketSummary>& sockets) {
  json::array ids;
  for (const auto& socket : sockets) ids.push_back(json::string(socket.id));
  return json::serialize(json::object{{"requestId", id}, {"sockets", std::move(ids)}});
}

std::string rooms_answer(const std::string& id, const std::vector<std::string>& rooms) {
  return json::serialize(json::object{{"requestId", id}, {"rooms", texts(rooms)}});
}

std::string fetch_answer(const std::string& id, const std::vector<SocketSummary>& sockets) {
  json::array list;
  for (const auto& socket : sockets) {
    list.push_back(json::object{{"id", socket.id},
                                {"handshake", handshake_of(socket)},
                                {"rooms", texts(socket.rooms)},
                                {"data", json::object()}});
  }
  return json::serialize(json::object{{"requestId", id}, {"sockets", std::move(list)}});
}

std::string server_side_answer(const std::string& id) {
  const auto type = static_cast<std::int64_t>(AdapterRequestType::server_side_emit);
  return json::serialize(json::object{{"type", type}, {"requestId", id}, {"data", nullptr}});
}

std::string broadcast_answer(const std::string& id, std::size_t clients) {
  return json::serialize(
      json::object{{"type", client_count_type}, {"requestId", id}, {"clientCount", clients}});
}

}  // namespace rubricon::redis
