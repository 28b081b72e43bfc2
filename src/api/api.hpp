/// The REST server: everything of contract/openapi.yaml behind one handler.
#pragma once

#include <rubricon/api/admin_routes.hpp>
#include <rubricon/api/auth_routes.hpp>
#include <rubricon/api/chat_routes.hpp>
#include <rubricon/api/me_routes.hpp>
#include <rubricon/api/member_routes.hpp>
#include <rubricon/api/message_routes.hpp>
#include <rubricon/api/origins.hpp>
#include <rubricon/api/password_check.hpp>
#include <rubricon/api/post_message.hpp>
#include <rubricon/api/router.hpp>
#include <rubricon/api/rubric_file_routes.hpp>
#include <rubricon/api/rubric_routes.hpp>
#include <rubricon/api/rubric_version_routes.hpp>
#include <rubricon/api/service_routes.hpp>
#include <rubricon/api/services.hpp>
#include <rubricon/api/session_routes.hpp>
#include <rubricon/api/upload_routes.hpp>
#include <rubricon/net/http_server.hpp>

namespace rubricon::observability {
class Counter;
class Histogram;
}  // namespace rubricon::observability

namespace rubricon::api {

/// Lives on one shard and runs in the HTTP server's task group. What it is built from outlives it.
class Api final : public net::HttpHandler {
 public:
  Api(const Services& services, Options options);
  ~Api() override;
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// Whether a path belongs here: /api and below, /.well-known/jwks.json, /healthz, /readyz.
  static bool owns(std::string_view path);

  /// Answers every request; what the stores throw becomes 503 with Retry-After, anything else 500.
  /// Only cancellation passes through.
  base::Task<net::HttpResponse> handle(std::shared_ptr<net::HttpExchange> exchange) override;

  /// What the gateway in the same process sends messages with: the same rules, the same limits.
  ports::MessageSubmitter& submitter() { return submitter_; }

  /// The password check of POST /api/auth/login, for other doors of the same process.
  ports::PasswordLogin& passwords() { return passwords_; }

  const Router& router() const { return router_; }

 private:
  void add_metrics();
  base::Task<net::HttpResponse> answer(std::shared_ptr<net::HttpExchange> exchange, Match match,
                                       std::string trace);
  base::Task<ApiResult> run(std::shared_ptr<net::HttpExchange> exchange, Match match,
                            std::string trace);
  base::Task<bool> started(base::Deadline deadline);
  base::Result<void> admit(const net::HttpHead& head, const Route& route) const;
  std::string trace_of(const net::HttpHead& head);
  void log_refusal(std::string_view method, std::string_view route, const base::Error& error,
                   std::string_view trace_id);
  void finish(const net::HttpHead& head, net::HttpResponse& response, const Route* route,
              base::Instant began);

  const Services services_;
  const Options options_;
  const Origins origins_;
  RateLimits limits_;
  LocalSubmitter submitter_;
  PasswordCheck passwords_;
  AuthRoutes auth_;
  MeRoutes me_;
  SessionRoutes sessions_;
  UploadRoutes uploads_;
  ChatRoutes chats_;
  MessageRoutes messages_;
  MemberRoutes members_;
  RubricRoutes rubrics_;
  RubricFileRoutes rubric_files_;
  RubricVersionRoutes rubric_versions_;
  AdminRoutes admin_;
  ServiceRoutes service_;
  Router router_;
  std::vector<observability::Counter*> answered_;     ///< by the first digit of the status
  std::vector<observability::Histogram*> durations_;  ///< by route, then one for no route
};

}  // namespace rubricon::api
