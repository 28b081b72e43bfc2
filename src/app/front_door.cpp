#include <rubricon/app/front_door.hpp>

#include <rubricon/api/api.hpp>

namespace rubricon::app {

FrontDoor::FrontDoor(const Parts& parts, std::optional<net::StaticFiles> page)
    : parts_(parts), page_(std::move(page)) {}

bool FrontDoor::is_for_sockets(std::string_view path) const {
  return parts_.sockets != nullptr && path.starts_with("/socket.io/");
}

base::Task<net::HttpResponse> FrontDoor::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& head = exchange->head();
  if (is_for_sockets(head.path)) co_return co_await parts_.sockets->handle(std::move(exchange));
  if (api::Api::owns(head.path)) co_return co_await parts_.api.handle(std::move(exchange));
  if (head.method != "GET" && head.method != "HEAD") {
    auto refused = net::problem_response(405, "method_not_allowed");
    refused.headers.add("Allow", "GET, HEAD");
    co_return refused;
  }
  if (page_) {
    if (auto file = page_->serve(head)) co_return std::move(*file);
  }
  co_return net::problem_response(404, "not_found");
}

base::Task<net::UpgradeAnswer> FrontDoor::upgrade(std::shared_ptr<net::HttpExchange> exchange) {
  if (is_for_sockets(exchange->head().path)) {
    co_return co_await parts_.sockets->upgrade(std::move(exchange));
  }
  co_return net::problem_response(404, "not_found");
}

base::Task<net::HttpResponse> HealthDoor::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& head = exchange->head();
  if (head.method != "GET" && head.method != "HEAD") {
    co_return net::problem_response(404, "not_found");
  }
  if (head.path == "/healthz") co_return api::health_response();
  if (head.path == "/readyz") co_return api::readiness_response(readiness_());
  co_return net::problem_response(404, "not_found");
}

base::Task<net::HttpResponse> AdminDoor::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& path = exchange->head().path;
  net::HttpResponse response;
  if (admin_ != nullptr && path.starts_with("/admin/")) {
    response = co_await admin_->handle(exchange);
  } else if (path == "/metrics") {
    response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.body = metrics_.render();
  } else if (path == "/healthz") {
    response.headers.add("Content-Type", "application/json");
    response.body = R"({"status":"ok"})";
  } else {
    response = net::problem_response(404, "not_found");
  }
  response.headers.add("Cache-Control", "no-store");
  co_return response;
}

}  // namespace rubricon::app
