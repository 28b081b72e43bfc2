/// The one entrance: which part of the server a request belongs to.
#pragma once

#include <rubricon/api/services.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/net/static_files.hpp>
#include <rubricon/observability/metrics.hpp>

#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace rubricon::app {

/// /socket.io/ goes to the gateway, what the api owns to it, the rest is the page. One shard; what
/// it is made of outlives it.
class FrontDoor final : public net::HttpHandler {
 public:
  struct Parts {
    net::HttpHandler& api;      ///< or, in a process without one, what answers for its health
    net::HttpHandler* sockets;  ///< null where there is no gateway
  };

  /// Paths that belong to nobody, also for want of `page`, are 404.
  FrontDoor(const Parts& parts, std::optional<net::StaticFiles> page);

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;
  base::Task<net::UpgradeAnswer> upgrade(std::shared_ptr<net::HttpExchange> exchange) override;

 private:
  bool is_for_sockets(std::string_view path) const;

  Parts parts_;
  std::optional<net::StaticFiles> page_;
};

/// A process without an api: /healthz and /readyz, as the api answers them.
class HealthDoor final : public net::HttpHandler {
 public:
  explicit HealthDoor(std::function<api::Readiness()> readiness)
      : readiness_(std::move(readiness)) {}

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;

 private:
  std::function<api::Readiness()> readiness_;
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
