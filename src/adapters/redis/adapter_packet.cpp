#include <rubricon/redis/adapter_packet.hpp>

#include <rubricon/redis/adapter_fields.hpp>
#include <rubricon/redis/message_pack.hpp>

#include <boost/json.hpp>

#include <utility>

namespace rubricon::redis {
namespace {

namespace json = boost::json;

constexpr std::int64_t event_type = 2;
constexpr std::size_t name_bytes_max = 256;

json::array texts(const std::vector<std::string>& list) {
  json::array array;
  for (const auto& text : list) array.push_back(json::string(text));
  return array;
}

/// Takes name and arguments out of `[name, …arguments]`.
bool take_event(json::value* data, AdapterPacket& packet) {
  if (!data || !data->is_array()) return false;
  auto& values = data->get_array();
  if (values.empty() || !values.front().is_string()) return false;
  packet.name = values.front().get_string();
  if (packet.name.empty() || packet.name.size() > name_bytes_max) return false;
  values.erase(values.begin());
  packet.args = std::move(values);
  return true;
}

}  // namespace

std::string adapter_bytes(const AdapterPacket& packet) {
  json::array data{json::string(packet.name)};
  data.insert(data.end(), packet.args.begin(), packet.args.end());
  return message_pack(json::array{
      json::string(packet.uid),
      json::object{{"type", event_type}, {"data", std::move(data)}, {"nsp", packet.nsp}},
      json::object{{"rooms", texts(packet.rooms)},
                   {"except", texts(packet.except)},
                   {"flags", json::object()}}});
}

std::optional<AdapterPacket> parse_adapter_packet(std::string_view bytes) {
  auto value = parse_message_pack(bytes);
  if (!value || !value->is_array() || value->get_array().size() != 3) return std::nullopt;
  auto& parts = value->get_array();
  if (!parts[0].is_string() || !parts[1].is_object() || !parts[2].is_object()) return std::nullopt;
  auto& event = parts[1].get_object();
  const auto& opts = parts[2].get_object();
  const auto* type = event.if_contains("type");
  if (!type || *type != event_type) return std::nullopt;
  AdapterPacket packet;
  packet.uid = parts[0].get_string();
  if (event.contains("nsp")) packet.nsp = text_field(event, "nsp").value_or("");
  auto rooms = texts_field(opts, "rooms");
  auto except = texts_field(opts, "except");
  if (!rooms || !except || !take_event(event.if_contains("data"), packet)) return std::nullopt;
  packet.rooms = std::move(*rooms);
  packet.except = std::move(*except);
  return packet;
}

}  // namespace rubricon::redis
