#include <rubricon/net/security_headers.hpp>

namespace rubricon::net {

HttpHeaders security_headers(PublicScheme scheme) {
  HttpHeaders headers = {
      {"Content-Security-Policy",
       "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "same-origin"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Permissions-Policy",
       "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"}};
  if (scheme == PublicScheme::https) {
    headers.add("Strict-Transport-Security", "max-age=31536000");
  }
  return headers;
}

void add_page_policy(HttpHeaders& headers) {
  headers.set(
      "Content-Security-Policy",
      "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
      "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; "
      "frame-ancestors 'none'; form-action 'self'");
}

}  // namespace rubricon::net
