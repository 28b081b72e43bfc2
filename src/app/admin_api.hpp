/// What operators' commands ask of a running server, on the listener for operators: /admin/….
#pragma once

#include <rubricon/crypto/key_store.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/event_bus.hpp>
#include <rubricon/ports/event_store.hpp>

#include <string>

namespace rubricon::app {

/// `Authorization: Bearer <this>` of every request below /admin/. Whoever can read the key folder
/// can make it, so a command on the server's machine needs no password, and a page in a browser or
/// another account on the machine cannot ask anything.
std::string admin_bearer(const crypto::Secret& secret);

/// One shard; what it is made of outlives it. 401 without the bearer, 404 for anything but
///
///     POST /admin/events/replay {"stream", "after", "until"} → {"published", "last"}
///
/// which publishes the stored events after `after` and up to `until` of a stream again, in order,
/// at most a page of them; `last` is where to go on, `published` 0 at the end. Receivers that have
/// them drop them. Nothing is written.
class AdminApi final : public net::HttpHandler {
 public:
  AdminApi(std::string bearer, ports::EventStore& events, ports::EventBus& bus,
           const ports::Clock& clock, observability::Log& log);

  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;

 private:
  base::Task<net::HttpResponse> replay(std::string body);

  std::string bearer_;
  ports::EventStore& events_;
  ports::EventBus& bus_;
  const ports::Clock& clock_;
  observability::Log& log_;
};

}  // namespace rubricon::app
