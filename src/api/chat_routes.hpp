/// /api/chat: lists, single chats, their stream and read marks.
#pragma once

#include <rubricon/api/kept_answers.hpp>
#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>
#include <rubricon/observability/metrics.hpp>

namespace rubricon::api {

/// One shard. The services outlive it.
class ChatRoutes {
 public:
  explicit ChatRoutes(const Services& services);

  void add_to(Router& router);

 private:
  base::Task<ApiResult> list(ApiRequest request);
  base::Task<ApiResult> create(ApiRequest request);
  base::Task<ApiResult> view(ApiRequest request);
  base::Task<base::Result<ports::RecentPage>> recent_messages(const ApiRequest* request,
                                                              domain::Chat chat);
  base::Task<ApiResult> update(ApiRequest request);
  base::Task<ApiResult> remove(ApiRequest request);
  base::Task<ApiResult> restore(ApiRequest request);
  base::Task<ApiResult> events(ApiRequest request);
  base::Task<ApiResult> mark_read(ApiRequest request);

  const Services& services_;
  KeptAnswers<ports::ListState> lists_;
  KeptAnswers<ports::ViewState> chats_;
  observability::Counter& views_;
  observability::Counter& fills_;
  observability::Counter& kept_;
};

}  // namespace rubricon::api
