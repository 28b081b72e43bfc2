#include <rubricon/socketio/packet_decoder.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace rubricon::socketio {

namespace json = boost::json;

struct PacketDecoder::Pending {
  Packet packet;
  json::array values;
  std::vector<Binary> attachments;
  std::size_t expected = 0;
  std::size_t attachment_bytes = 0;
};

void PacketDecoder::PendingDelete::operator()(Pending* pending) const {
  delete pending;
}

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The parts of a packet's text before any of them is interpreted.
struct Header {
  PacketType type = PacketType::event;
  std::size_t attachments = 0;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id;
  std::string_view payload;
};

bool is_binary(PacketType type) {
  return type == PacketType::binary_event || type == PacketType::binary_ack;
}

/// "3-" of "53-[…]". Leaves the text behind the dash.
std::optional<std::size_t> take_attachments(std::string_view& text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const auto length = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || length == text.size() || *end != '-') return std::nullopt;
  text.remove_prefix(length + 1);
  return count;
}

std::string_view take_namespace(std::string_view& text) {
  if (!text.starts_with('/')) return "/";
  const auto end = std::min(text.find(','), text.size());
  const auto nsp = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return nsp;
}

/// False when there are digits that make no 64-bit number of at most 19 digits.
bool take_id(std::string_view& text, std::optional<std::uint64_t>& id) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto length = static_cast<std::size_t>(end - text.begin());
  if (length == 0) return true;
  if (length > 19) return false;
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + length, number);
  id = number;
  text.remove_prefix(length);
  return true;
}

std::expected<Header, DecodeError> parse_header(std::string_view text,
                                                const DecoderLimits& limits) {
  Header header;
  if (text.empty() || text.front() < '0' || text.front() > '6') {
    return std::unexpected(DecodeError::malformed);
  }
  header.type = static_cast<PacketType>(text.front());
  text.remove_prefix(1);
  if (is_binary(header.type)) {
    const auto count = take_attachments(text);
    if (!count || *count == 0) return std::unexpected(DecodeError::malformed);
    if (*count > attachments_max) return std::unexpected(DecodeError::over_limit);
    header.attachments = *count;
  }
  header.nsp = take_namespace(text);
  if (header.nsp.size() > limits.namespace_bytes_max) {
    return std::unexpected(DecodeError::over_limit);
  }
  if (!take_id(text, header.id)) return std::unexpected(DecodeError::malformed);
  header.payload = text;
  return header;
}

/// Walks a tree and gives every placeholder an attachment of its own, numbered in the order of the
/// walk, as an encoder would: unused attachments fall away, one used twice becomes two.
class PlaceholderResolver {
 public:
  explicit PlaceholderResolver(const std::vector<Binary>& received) : received_(received) {}

  /// False when a placeholder names no attachment, or there are too many. Recursion is as deep as
  /// the tree, which the JSON limits bound.
  bool resolve(json::value& value) {
    if (auto* array = value.if_array()) {
      return std::ranges::all_of(*array, [this](json::value& item) { return resolve(item); });
    }
    auto* object = value.if_object();
    if (object == nullptr) return true;
    if (is_placeholder(*object)) return replace(*object);
    return std::ranges::all_of(*object, [this](auto& member) { return resolve(member.value()); });
  }

  std::vector<Binary> take() { return std::move(resolved_); }

 private:
  static bool is_placeholder(const json::object& object) {
    const auto* mark = object.if_contains("_placeholder");
    return mark != nullptr && mark->is_bool() && mark->get_bool();
  }

  bool replace(json::object& object) {
    const auto* num = object.if_contains("num");
    json::error_code error;
    const auto index = num == nullptr ? received_.size() : num->to_number<std::size_t>(error);
    if (error || index >= received_.size() || resolved_.size() == attachments_max) return false;
    object = json::object{{"_placeholder", true}, {"num", resolved_.size()}};
    resolved_.push_back(received_[index]);
    return true;
  }

  const std::vector<Binary>& received_;
  std::vector<Binary> resolved_;
};

bool take_event_name(Packet& packet, json::array& values, const DecoderLimits& limits) {
  if (values.empty()) return false;
  const auto& first = values.front();
  if (const auto* name = first.if_string()) {
    packet.event = std::string_view(*name);
  } else if (first.is_number()) {
    append_json(packet.event, first);
  } else {
    return false;
  }
  values.erase(values.begin());
  return packet.event.size() <= limits.event_name_bytes_max && !is_reserved_event(packet.event);
}

/// Puts the JSON of a packet where its type wants it; the array of arguments goes to `values`.
bool take_payload(Packet& packet, std::string_view payload, const DecoderLimits& limits,
                  json::array& values) {
  if (packet.type == PacketType::disconnect) return payload.empty();
  if (packet.type == PacketType::connect && payload.empty()) {
    packet.auth = json::object();
    return true;
  }
  // Official servers ignore an acknowledgement that acknowledges nothing.
  if (packet.type == PacketType::ack && payload.empty()) return true;
  auto value = parse_json(payload, limits.json);
  if (!value) return false;
  switch (packet.type) {
    case PacketType::connect: packet.auth = std::move(*value); return packet.auth.is_object();
    case PacketType::connect_error: return true;
    default: break;
  }
  auto* array = value->if_array();
  if (array == nullptr) return false;
  values = std::move(*array);
  if (packet.type == PacketType::ack) return packet.id.has_value();
  return take_event_name(packet, values, limits);
}

}  // namespace

Decoded PacketDecoder::text(std::string_view text) {
  if (pending_) return std::unexpected(DecodeError::unexpected);
  const auto header = parse_header(text, *limits_);
  if (!header) return std::unexpected(header.error());
  Packet packet;
  packet.type = header->type == PacketType::binary_event ? PacketType::event
                : header->type == PacketType::binary_ack ? PacketType::ack
                                                         : header->type;
  if (header->attachments > 0 && header->payload.empty()) {
    return std::unexpected(DecodeError::malformed);
  }
  packet.nsp = header->nsp;
  packet.id = header->id;
  packet.bytes = text.size();
  json::array values;
  if (!take_payload(packet, header->payload, *limits_, values)) {
    return std::unexpected(DecodeError::malformed);
  }
  if (header->attachments == 0) {
    packet.args = Args(std::move(values), {});
    return packet;
  }
  pending_.reset(new Pending{std::move(packet), std::move(values), {}, header->attachments, 0});
  return std::nullopt;
}

Decoded PacketDecoder::binary(std::string bytes) {
  if (!pending_) return std::unexpected(DecodeError::unexpected);
  pending_->attachment_bytes += bytes.size();
  if (pending_->attachment_bytes > limits_->attachment_bytes_max) {
    return std::unexpected(DecodeError::over_limit);
  }
  pending_->attachments.emplace_back(std::move(bytes));
  if (pending_->attachments.size() < pending_->expected) return std::nullopt;
  const auto done = std::exchange(pending_, nullptr);
  PlaceholderResolver resolver(done->attachments);
  for (auto& value : done->values) {
    if (!resolver.resolve(value)) return std::unexpected(DecodeError::malformed);
  }
  Packet packet = std::move(done->packet);
  packet.bytes += done->attachment_bytes;
  packet.args = Args(std::move(done->values), resolver.take());
  return packet;
}

}  // namespace rubricon::socketio
