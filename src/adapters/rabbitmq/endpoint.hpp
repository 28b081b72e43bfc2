/// Where the broker is and as whom we come, as people write it: `amqp://user:password@host/vhost`.
#pragma once

#include <rubricon/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::rabbitmq {

enum class Transport { plain, tls };

struct Endpoint {
  Transport transport = Transport::plain;
  std::string host = "localhost";
  std::uint16_t port = 5672;
  std::string vhost = "/";
  std::string user = "guest";
  std::string password = "guest";

  /// Reads `amqp://` and `amqps://` URLs. What is left out is as above, the port of `amqps` is
  /// 5671. A path of `/` alone means the vhost "/". Refuses anything behind the vhost; the error
  /// says what is wrong without repeating the URL, which has a password in it.
  static base::Result<Endpoint> parse(std::string_view url);

  /// For logs and errors: the URL without the password.
  std::string to_string() const;

  bool operator==(const Endpoint&) const = default;
};

}  // namespace rubricon::rabbitmq
