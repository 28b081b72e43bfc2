#include <rubricon/api/idempotency.hpp>

namespace rubricon::api {
namespace {

constexpr const char* header_name = "Idempotency-Key";

std::unexpected<base::Error> refuse(const char* reason, const char* message) {
  return base::fail(base::ErrorCode::invalid, std::string(header_name) + " " + message + ".",
                    reason, {{header_name, reason, message}});
}

}  // namespace

base::Result<std::optional<domain::IdempotencyKey>> idempotency_key(const net::HttpHead& head) {
  const auto text = head.header(header_name);
  if (!text) return std::nullopt;
  if (head.headers.count(header_name) != 1) return refuse("invalid_key", "comes twice");
  auto key = domain::IdempotencyKey::parse(*text);
  if (!key) return refuse("invalid_key", "must be 1 to 64 visible ASCII characters");
  return std::move(*key);
}

base::Result<std::optional<domain::IdempotencyKey>> idempotency_key(const net::HttpHead& head,
                                                                    std::string_view client_id) {
  auto key = idempotency_key(head);
  if (!key || client_id.empty()) return key;
  if (*key && (*key)->value() != client_id) {
    return refuse("conflicting_keys", "and clientId must be equal");
  }
  if (*key) return key;
  auto parsed = domain::IdempotencyKey::parse(client_id);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  return std::move(*parsed);
}

}  // namespace rubricon::api
