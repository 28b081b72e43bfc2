#include <rubricon/socketio/engine_request.hpp>

#include <rubricon/socketio/origin_policy.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace rubricon::socketio {
namespace {

/// Only from this closed list: no name that a client invents reaches anything else.
std::optional<EngineTransport> find_transport(const Query& query, EnabledTransports enabled) {
  const auto* name = query.find("transport");
  if (name == nullptr) return std::nullopt;
  if (enabled.polling && *name == "polling") return EngineTransport::polling;
  if (enabled.websocket && *name == "websocket") return EngineTransport::websocket;
  return std::nullopt;
}

std::optional<Refusal> check_existing(const RequestFacts& facts, EngineTransport transport,
                                      bool version_known) {
  if (!facts.session) return Refusal::sid_unknown;
  if (!facts.upgrade && *facts.session != transport) return Refusal::bad_request;
  if (!version_known) return Refusal::bad_request;
  return std::nullopt;
}

std::optional<Refusal> check_new(const RequestFacts& facts, EngineTransport transport,
                                 bool version_known) {
  if (facts.method != "GET") return Refusal::bad_method;
  if (transport == EngineTransport::websocket && !facts.upgrade) return Refusal::bad_request;
  if (!version_known) return Refusal::unsupported_version;
  return std::nullopt;
}

}  // namespace

const char* refusal_message(Refusal refusal) noexcept {
  switch (refusal) {
    case Refusal::transport_unknown: return "Transport unknown";
    case Refusal::sid_unknown: return "Session ID unknown";
    case Refusal::bad_method: return "Bad handshake method";
    case Refusal::bad_request: return "Bad request";
    case Refusal::forbidden: return "Forbidden";
    case Refusal::unsupported_version: return "Unsupported protocol version";
  }
  return "Bad request";
}

std::string refusal_body(Refusal refusal) {
  return refusal_body(refusal, refusal_message(refusal));
}

std::string refusal_body(Refusal refusal, std::string_view message) {
  boost::json::object body;
  body["code"] = static_cast<int>(refusal);
  body["message"] = message;
  return boost::json::serialize(body);
}

std::string_view requested_sid(const Query& query) {
  const auto* sid = query.find("sid");
  return sid == nullptr ? std::string_view() : std::string_view(*sid);
}

RequestCheck check_request(const Query& query, const RequestFacts& facts,
                           EnabledTransports enabled) {
  const auto transport = find_transport(query, enabled);
  if (!transport) return {Refusal::transport_unknown, {}};
  if (!is_valid_origin(facts.origin)) return {Refusal::bad_request, {}};
  // Polling does not upgrade: the parameter and the protocol of the request must agree.
  const bool contradiction = facts.upgrade && *transport == EngineTransport::polling;
  const auto* version = query.find("EIO");
  const bool version_known = version != nullptr && *version == "4";
  const auto sid = requested_sid(query);
  auto refusal = sid.empty() ? check_new(facts, *transport, version_known)
                             : check_existing(facts, *transport, version_known);
  if (!refusal && contradiction) refusal = Refusal::bad_request;
  return {refusal, {*transport, query.find("b64") != nullptr, std::string(sid)}};
}

}  // namespace rubricon::socketio
