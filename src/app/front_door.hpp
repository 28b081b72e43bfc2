/// The one entrance: which part of the server a request belongs to.
#pragma once

#include <rubricon/net/http_server.hpp>
#include <rubricon/net/static_files.hpp>
#include <rubricon/observability/metrics.hpp>

#include <optional>

namespace rubricon::app {

/// /socket.io/ goes to the gateway, what the api owns to it, the rest is the page. One shard; what
/// it is made of outlives it.
class FrontDoor final : public net::HttpHandler {
 public:
  /// Without `page`, paths that belong to nobody are 404.
  FrontDoor(net::HttpHandler& api, net::HttpHandler& sockets, std::optional<net::StaticFiles> page);

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;
  base::Task<net::UpgradeAnswer> upgrade(std::shared_ptr<net::HttpExchange> exchange) override;

 private:
  net::HttpHandler& api_;
  net::HttpHandler& sockets_;
  std::optional<net::StaticFiles> page_;
};

/// The listener for operators: /metrics, /healthz, and what is below /admin/ where somebody answers
/// it; never on the public port.
class AdminDoor final : public net::HttpHandler {
 public:
  explicit AdminDoor(const observability::Metrics& metrics, net::HttpHandler* admin = nullptr)
      : metrics_(metrics), admin_(admin) {}

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;

 private:
  const observability::Metrics& metrics_;
  net::HttpHandler* admin_;
};

}  // namespace rubricon::app
