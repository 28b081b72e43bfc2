#include <rubricon/api/router.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

constexpr const char* id = "0199e2a4-3c1e-7a10-8f00-000000000001";

base::Task<ApiResult> nothing(ApiRequest) {
  co_return net::HttpResponse{};
}

Router sample() {
  Router router;
  for (const auto& [method, pattern, name] :
       {std::tuple(Method::get, "/api/chat", "list"), std::tuple(Method::post, "/api/chat", "new"),
        std::tuple(Method::get, "/api/chat/{chatId}", "view"),
        std::tuple(Method::post, "/api/chat/messages", "post"),
        std::tuple(Method::get, "/api/chat/{chatId}/versions/{version}", "version"),
        std::tuple(Method::del, "/api/chat/{chatId}/messages/{messageId}", "delete")}) {
    router.add({method, pattern, name, Access::signed_in, nothing});
  }
  return router;
}

std::string found(const Router& router, std::string_view method, const std::string& path) {
  const auto result = router.match(method, path);
  if (const auto* match = std::get_if<Match>(&result)) return std::string(match->route->name);
  if (const auto* wrong = std::get_if<WrongMethod>(&result)) return "allow " + wrong->allow;
  return "none";
}

TEST(Router, FindsARouteByMethodAndPath) {
  const auto router = sample();
  EXPECT_EQ(found(router, "GET", "/api/chat"), "list");
  EXPECT_EQ(found(router, "HEAD", "/api/chat"), "list");
  EXPECT_EQ(found(router, "POST", "/api/chat"), "new");
  EXPECT_EQ(found(router, "GET", std::string("/api/chat/") + id), "view");
  EXPECT_EQ(found(router, "POST", "/api/chat/messages"), "post");
}

TEST(Router, HandsOutTheIdsOfThePathInOrder) {
  const auto router = sample();
  const std::string second = "0199e2a4-3c1e-7a10-8f00-000000000002";
  const auto result =
      router.match("DELETE", std::string("/api/chat/") + id + "/messages/" + second);
  const auto& params = std::get<Match>(result).params;
  ASSERT_EQ(params.size(), 2u);
  EXPECT_EQ(params[0].to_string(), id);
  EXPECT_EQ(params[1].to_string(), second);
}

TEST(Router, AVersionIsAWholeNumberFromOne) {
  const auto router = sample();
  const auto versions = std::string("/api/chat/") + id + "/versions/";
  const auto result = router.match("GET", versions + "12");
  EXPECT_EQ(std::get<Match>(result).number, 12);
  EXPECT_EQ(std::get<Match>(result).params.size(), 1u);
  for (const char* bad : {"0", "012", "-1", "1x", "99999999999999999999", id}) {
    EXPECT_EQ(found(router, "GET", versions + bad), "none") << bad;
  }
}

TEST(Router, SaysWhichMethodsAPathHas) {
  const auto router = sample();
  EXPECT_EQ(found(router, "PUT", "/api/chat"), "allow GET, HEAD, POST");
  EXPECT_EQ(found(router, "GET", "/api/chat/messages"), "allow POST");
  EXPECT_EQ(found(router, "get", "/api/chat"), "allow GET, HEAD, POST");
  EXPECT_EQ(found(router, "BREW", "/api/chat"), "allow GET, HEAD, POST");
}

TEST(Router, DoesNotKnowOtherPaths) {
  const auto router = sample();
  for (const char* path :
       {"", "*", "/", "/api", "/api/chat/", "//api/chat", "/api//chat", "/api/chat/1",
        "/api/chat/../chat", "/API/chat", "/api/chat/0199e2a4-3c1e-7a10-8f00-00000000000",
        "/api/chat/0199e2a4-3c1e-7a10-8f00-000000000001/",
        "/api/chat/0199e2a4-3c1e-7a10-8f00-000000000001/messages/x"}) {
    EXPECT_EQ(found(router, "GET", path), "none") << path;
  }
}

}  // namespace
}  // namespace rubricon::api
