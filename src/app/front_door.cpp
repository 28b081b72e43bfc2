#include <rubricon/app/front_door.hpp>

#include <rubricon/api/api.hpp>

namespace rubricon::app {
namespace {

bool is_socket_path(std::string_view path) {
  return path.starts_with("/socket.io/");
}

}  // namespace

FrontDoor::FrontDoor(net::HttpHandler& api, net::HttpHandler& sockets,
                     std::optional<net::StaticFiles> page)
    : api_(api), sockets_(sockets), page_(std::move(page)) {}

base::Task<net::HttpResponse> FrontDoor::handle(std::shared_ptr<net::HttpExchange> exchange) {
  const auto& head = exchange->head();
  if (is_socket_path(head.path)) co_return co_await sockets_.handle(std::move(exchange));
  if (api::Api::owns(head.path)) co_return co_await api_.handle(std::move(exchange));
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
  if (is_socket_path(exchange->head().path)) {
    co_return co_await sockets_.upgrade(std::move(exchange));
  }
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
