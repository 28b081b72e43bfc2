/// One HTTP request on its way from a device to a process and back.
#pragma once

#include <rubricon/net/deferred.hpp>
#include <rubricon/net/http_server.hpp>

#include <optional>
#include <string>
#include <utility>

namespace rubricon::sim {

struct Request {
  std::string method = "GET";
  std::string path;
  std::string query;
  std::string token;   ///< for Authorization
  std::string cookie;  ///< as it is sent
  std::string body;    ///< JSON
};

/// Nothing where no answer came: whether the request was carried out is unknown.
using Answer = std::optional<net::HttpResponse>;

class Exchange final : public net::HttpExchange {
 public:
  Exchange(Request request, std::string address) : body_(std::move(request.body)) {
    head_.method = std::move(request.method);
    head_.path = std::move(request.path);
    head_.query = std::move(request.query);
    head_.target = head_.query.empty() ? head_.path : head_.path + "?" + head_.query;
    head_.remote_address = std::move(address);
    head_.headers.add("Host", "rubricon.test");
    if (!request.token.empty()) head_.headers.add("Authorization", "Bearer " + request.token);
    if (!request.cookie.empty()) head_.headers.add("Cookie", std::move(request.cookie));
    if (!body_.empty()) head_.headers.add("Content-Type", "application/json");
  }

  const net::HttpHead& head() const override { return head_; }
  base::Task<std::expected<std::string, net::BodyError>> read_body(std::size_t limit) override {
    if (body_.size() > limit) co_return std::unexpected(net::BodyError::too_large);
    co_return body_;
  }
  void on_disconnect(std::function<void()>) override {}
  void abort() override { respond(std::nullopt); }

  /// `deliver` knows the way back to the device.
  void on_response(std::function<void(Answer)> deliver) { deliver_ = std::move(deliver); }
  /// The first answer counts.
  void respond(Answer answer) {
    if (const auto deliver = std::exchange(deliver_, nullptr)) deliver(std::move(answer));
  }

 private:
  net::HttpHead head_;
  std::string body_;
  std::function<void(Answer)> deliver_;
};

}  // namespace rubricon::sim
