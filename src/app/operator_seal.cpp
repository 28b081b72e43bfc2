#include <rubricon/app/operator_seal.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>

#include <charconv>

namespace rubricon::app {
namespace {

constexpr std::string_view scheme = "Rubricon-Operator ";

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

OperatorSeal::OperatorSeal(const crypto::Secret& secret)
    : secret_(crypto::derive_secret(secret, "the listener for operators")) {}

std::string OperatorSeal::seal(const Request& request, base::Time now) const {
  return at(request, base::unix_ms(now));
}

bool OperatorSeal::opens(std::string_view authorization, const Request& request,
                         base::Time now) const {
  if (!authorization.starts_with(scheme)) return false;
  const auto text = authorization.substr(scheme.size());
  std::int64_t sealed_at = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), sealed_at);
  if (error != std::errc()) return false;
  const auto now_ms = base::unix_ms(now);
  const bool fresh =
      sealed_at >= now_ms - good_for.count() && sealed_at <= now_ms + good_for.count();
  return fresh && same(authorization, at(request, sealed_at));
}

/// Lengths stand before what has any length, so no two requests are written alike.
std::string OperatorSeal::at(const Request& request, std::int64_t unix_ms) const {
  const auto mac = crypto::derive_secret(
      secret_, fmt::format("{} {}:{} {}:{} {}", request.method, request.path.size(), request.path,
                           request.body.size(), request.body, unix_ms));
  return fmt::format("{}{}:{:02x}", scheme, unix_ms, fmt::join(mac, ""));
}

}  // namespace rubricon::app
