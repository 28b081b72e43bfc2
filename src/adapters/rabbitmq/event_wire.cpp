#include <rubricon/rabbitmq/event_wire.hpp>

#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/event_data.hpp>
#include <rubricon/observability/trace_context.hpp>

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rubricon::rabbitmq {
namespace {

namespace json = boost::json;

constexpr std::int64_t version = 1;
constexpr std::size_t envelope_depth_max = 8;
constexpr std::size_t data_depth_max = 32;

auto unreadable(const char* why) {
  return base::fail(base::ErrorCode::invalid, why);
}

std::optional<json::object> parse_object(std::string_view text, std::size_t depth_max) {
  json::parse_options options;
  options.max_depth = depth_max;
  boost::system::error_code error;
  auto value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

base::Result<json::object> open(std::string_view body) {
  if (body.size() > body_bytes_max) return unreadable("the body is too large");
  auto object = parse_object(body, envelope_depth_max);
  if (!object) return unreadable("the body is no JSON object");
  const auto* v = object->if_contains("v");
  if (!v || !v->is_int64() || v->get_int64() != version) {
    return unreadable("the body is of another version");
  }
  return std::move(*object);
}

std::optional<std::string_view> text_of(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string().data(), value->get_string().size());
}

/// 1 and more.
std::optional<std::int64_t> count_of(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (!value || !value->is_int64() || value->get_int64() < 1) return std::nullopt;
  return value->get_int64();
}

/// Sorted, without repeats, as the log has it.
std::optional<std::vector<domain::UserId>> audience_of(const json::object& object) {
  const auto* value = object.if_contains("audience");
  if (!value || !value->is_array()) return std::nullopt;
  if (value->get_array().size() > domain::members_max) return std::nullopt;
  std::vector<domain::UserId> audience;
  for (const auto& each : value->get_array()) {
    if (!each.is_string()) return std::nullopt;
    const auto id = domain::UserId::parse({each.get_string().data(), each.get_string().size()});
    if (!id) return std::nullopt;
    audience.push_back(*id);
  }
  if (std::ranges::adjacent_find(audience, std::ranges::greater_equal()) != audience.end()) {
    return std::nullopt;
  }
  return audience;
}

/// Members are spliced in front of it (domain::wire_payload), so no space may stand there.
bool is_event_data(std::string_view data) {
  return data == "{}" || (data.starts_with("{\"") && data.ends_with('}') &&
                          parse_object(data, data_depth_max).has_value());
}

}  // namespace

std::string encode_event(const domain::Event& event) {
  std::string audience;
  for (const auto& member : event.audience) {
    audience += fmt::format("{}\"{}\"", audience.empty() ? "" : ",", member.to_string());
  }
  const auto trace = event.trace.empty()
                         ? std::string()
                         : fmt::format(R"("trace":{},)", domain::json_string(event.trace));
  auto body = fmt::format(R"({{"v":{},"stream":"{}","epoch":{},"seq":{},"type":"{}","at":"{}",)"
                          R"("audience":[{}],{}"data":{}}})",
                          version, event.stream.to_string(), event.epoch.value(), event.seq.value(),
                          domain::to_string(event.type), base::format_time(event.at), audience,
                          trace, domain::json_string(event.data));
  if (body.size() > body_bytes_max) {
    throw std::length_error("an event is larger than gateways accept");
  }
  return body;
}

base::Result<domain::Event> decode_event(std::string_view line) {
  const auto object = open(line);
  if (!object) return std::unexpected(object.error());
  const auto stream = text_of(*object, "stream").and_then(domain::StreamId::parse);
  if (!stream) return unreadable("the event has no stream");
  const auto epoch = count_of(*object, "epoch");
  const auto seq = count_of(*object, "seq");
  if (!epoch || !seq) return unreadable("the event has no position");
  const auto type = text_of(*object, "type").and_then(domain::parse_event_type);
  if (!type) return unreadable("the event has no type that we know");
  const auto at = text_of(*object, "at").and_then(base::parse_time);
  if (!at) return unreadable("the event has no time");
  auto audience = audience_of(*object);
  if (!audience) return unreadable("the event has no audience");
  const auto data = text_of(*object, "data");
  if (!data || !is_event_data(*data)) return unreadable("the event has no data");
  const auto trace = text_of(*object, "trace").value_or("");
  const bool traced = observability::TraceContext::parse(trace).has_value();
  return domain::Event{.stream = *stream,
                       .epoch = domain::Epoch(*epoch),
                       .seq = domain::Seq(*seq),
                       .type = *type,
                       .at = *at,
                       .data = std::string(*data),
                       .audience = std::move(*audience),
                       .trace = std::string(traced ? trace : std::string_view())};
}

std::vector<std::string> join_lines(std::vector<std::string> lines) {
  std::vector<std::string> bodies;
  std::size_t count = 0;
  for (auto& line : lines) {
    const bool fits =
        count > 0 && count < lines_max && bodies.back().size() + 1 + line.size() <= bytes_enough;
    if (fits) {
      bodies.back() += '\n';
      bodies.back() += line;
      ++count;
    } else {
      bodies.push_back(std::move(line));
      count = 1;
    }
  }
  return bodies;
}

base::Result<std::vector<std::string_view>> split_lines(std::string_view body) {
  std::vector<std::string_view> lines;
  while (lines.size() < lines_max) {
    const auto end = body.find('\n');
    lines.push_back(body.substr(0, end));
    if (end == std::string_view::npos) return lines;
    body.remove_prefix(end + 1);
  }
  return unreadable("the body has too many lines");
}

std::string encode_job(domain::JobId job) {
  return fmt::format(R"({{"v":{},"job":"{}"}})", version, job.to_string());
}

base::Result<domain::JobId> decode_job(std::string_view body) {
  const auto object = open(body);
  if (!object) return std::unexpected(object.error());
  const auto job = text_of(*object, "job").and_then(domain::JobId::parse);
  if (!job) return unreadable("the announcement names no job");
  return *job;
}

}  // namespace rubricon::rabbitmq
