#include <rubricon/rabbitmq/endpoint.hpp>

#include <amqp.h>
#include <fmt/format.h>

namespace rubricon::rabbitmq {
namespace {

constexpr std::size_t url_bytes_max = 2'048;

bool is_plain(unsigned char c) {
  return c > 0x20 && c < 0x7f;
}

std::string percent_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(byte) && !std::string_view("/:@?#[]%").contains(c)) {
      encoded.push_back(c);
    } else {
      encoded.append(fmt::format("%{:02x}", byte));
    }
  }
  return encoded;
}

/// The parser would take "localhost" instead.
bool names_host(std::string_view url) {
  auto authority = url.substr(url.find("//") + 2);
  authority = authority.substr(0, authority.find('/'));
  const auto host = authority.substr(authority.find('@') + 1);  // npos + 1 is 0
  return !host.empty() && host.front() != ':';
}

}  // namespace

base::Result<Endpoint> Endpoint::parse(std::string_view url) {
  const auto invalid = [](const char* why) { return base::fail(base::ErrorCode::invalid, why); };
  if (!url.starts_with("amqp://") && !url.starts_with("amqps://")) {
    return invalid("a broker URL begins with amqp:// or amqps://");
  }
  if (url.size() > url_bytes_max) return invalid("the broker URL is too long");
  for (const char c : url) {
    if (!is_plain(static_cast<unsigned char>(c))) {
      return invalid("the broker URL has a space or a control character in it: write it as %20");
    }
  }
  if (url.find_first_of("?#") != std::string_view::npos) {
    return invalid("the broker URL takes no options behind the vhost; ? and # are %3f and %23");
  }
  if (!names_host(url)) return invalid("the broker URL names no host");
  if (url.find("%00") != std::string_view::npos) return invalid("the broker URL has a %00 in it");
  std::string text(url);  // the parser writes into it, and its results point there
  amqp_connection_info parts{};
  amqp_default_connection_info(&parts);
  if (amqp_parse_url(text.data(), &parts) != AMQP_STATUS_OK) {
    return invalid("the broker URL is not of the form amqp://user:password@host:port/vhost");
  }
  if (parts.port < 1 || parts.port > 65'535) return invalid("the broker URL's port is no port");
  const std::string_view vhost = parts.vhost;
  return Endpoint{.transport = parts.ssl != 0 ? Transport::tls : Transport::plain,
                  .host = parts.host,
                  .port = static_cast<std::uint16_t>(parts.port),
                  .vhost = std::string(vhost.empty() ? "/" : vhost),
                  .user = parts.user,
                  .password = parts.password};
}

std::string Endpoint::to_string() const {
  const bool brackets = host.contains(':');
  return fmt::format("{}://{}@{}{}{}:{}/{}", transport == Transport::tls ? "amqps" : "amqp",
                     percent_encoded(user), brackets ? "[" : "", host, brackets ? "]" : "", port,
                     percent_encoded(vhost));
}

}  // namespace rubricon::rabbitmq
