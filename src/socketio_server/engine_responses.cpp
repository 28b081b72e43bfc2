#include <rubricon/socketio_server/engine_responses.hpp>

#include <utility>

namespace rubricon::socketio_server {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lower;
}

net::HttpResponse response(unsigned status, const char* content_type, std::string body) {
  net::HttpResponse made;
  made.status = status;
  made.headers.add("Content-Type", content_type);
  made.headers.add("Cache-Control", "no-store");
  made.body = std::move(body);
  return made;
}

}  // namespace

socketio::Handshake make_handshake(const net::HttpHead& head) {
  socketio::Handshake handshake;
  handshake.url = head.target;
  handshake.query = socketio::Query::parse(head.query);
  for (const auto& field : head.headers) {
    handshake.headers.emplace_back(lower_case(field.name), field.value);
  }
  handshake.remote_address = head.remote_address;
  handshake.secure = head.secure;
  return handshake;
}

void add_cors(net::HttpHeaders& headers, const socketio::OriginPolicy& policy,
              const net::HttpHead& head) {
  for (auto& [name, value] : socketio::cors_headers(policy, head.header("Origin").value_or(""))) {
    headers.add(std::move(name), std::move(value));
  }
}

std::optional<net::HttpResponse> preflight_response(const socketio::OriginPolicy& policy,
                                                    const net::HttpHead& head) {
  auto fields =
      socketio::preflight_headers(policy, head.header("Origin").value_or(""),
                                  head.header("Access-Control-Request-Headers").value_or(""));
  if (fields.empty()) return std::nullopt;
  net::HttpResponse answer;
  answer.status = 204;
  for (auto& [name, value] : fields) answer.headers.add(std::move(name), std::move(value));
  return answer;
}

net::HttpResponse payload_response(std::string body) {
  return response(200, "text/plain; charset=UTF-8", std::move(body));
}

net::HttpResponse ok_response() {
  return response(200, "text/html", "ok");
}

net::HttpResponse refusal_response(socketio::Refusal refusal) {
  const bool forbidden = refusal == socketio::Refusal::forbidden;
  return response(forbidden ? 403 : 400, "application/json", socketio::refusal_body(refusal));
}

net::HttpResponse forbidden_response(unsigned status, std::string_view why) {
  return response(status, "application/json",
                  socketio::refusal_body(socketio::Refusal::forbidden, why));
}

net::HttpResponse empty_response(unsigned status) {
  net::HttpResponse answer;
  answer.status = status;
  answer.headers.add("Cache-Control", "no-store");
  return answer;
}

net::HttpResponse upgrade_refusal(unsigned status, socketio::Refusal refusal) {
  return upgrade_refusal(status, std::string_view(socketio::refusal_message(refusal)));
}

net::HttpResponse upgrade_refusal(unsigned status, std::string_view why) {
  auto answer = response(status, "text/html", std::string(why));
  answer.close = true;
  return answer;
}

}  // namespace rubricon::socketio_server
