#include <rubricon/net/static_files.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace rubricon::net {
namespace {

namespace fs = std::filesystem;

class StaticFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "rubricon_static_XXXXXX";
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    outside = name;
    root = outside / "client";
    write("index.html", "<!doctype html>");
    write("assets/app-1a2b.js", "console.log('plain')");
    write("assets/app-1a2b.js.br", "brotli bytes");
    write("assets/app-1a2b.js.gz", "gzip bytes");
    write("sw.js", "self.x");
    write("logo.SVG", "<svg/>");
    write("archive.gz", "not a variant of anything");
    write(".env", "SECRET=1");
    write(".git/config", "secret");
    write("../outside.txt", "secret");
    fs::create_symlink(outside / "outside.txt", root / "leak.txt");
    fs::create_symlink(root / "sw.js", root / "alias.js");
  }
  void TearDown() override { fs::remove_all(outside); }

  void write(const fs::path& path, const std::string& text) {
    fs::create_directories((root / path).parent_path());
    std::ofstream(root / path) << text;
  }
  std::optional<HttpResponse> get(const std::string& path, HttpHeaders headers = {},
                                  const std::string& method = "GET") {
    if (!files) {
      auto loaded = StaticFiles::load(root);
      EXPECT_TRUE(loaded);
      files.emplace(*std::move(loaded));
    }
    HttpHead head;
    head.method = method;
    head.path = path;
    head.headers = std::move(headers);
    return files->serve(head);
  }

  fs::path outside;
  fs::path root;
  std::optional<StaticFiles> files;
};

TEST_F(StaticFilesTest, serves_a_page_that_is_revalidated) {
  const auto page = get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200u);
  EXPECT_EQ(page->body.view(), "<!doctype html>");
  EXPECT_EQ(page->headers.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page->headers.get("Cache-Control"), "no-cache");
  EXPECT_FALSE(page->headers.contains("Vary"));
  const std::string etag(*page->headers.get("ETag"));
  for (const auto& condition : {etag, "W/" + etag, "\"x\", " + etag, std::string("*")}) {
    const auto again = get("/index.html", {{"If-None-Match", condition}});
    EXPECT_EQ(again->status, 304u) << condition;
    EXPECT_EQ(again->headers.get("ETag"), etag);
    EXPECT_EQ(again->body.size(), 0u);
  }
  EXPECT_EQ(get("/", {{"If-None-Match", "\"other\""}})->status, 200u);
}

TEST_F(StaticFilesTest, hashed_names_are_cached_for_ever) {
  EXPECT_EQ(get("/assets/app-1a2b.js")->headers.get("Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/sw.js")->headers.get("Cache-Control"), "no-cache");
}

TEST_F(StaticFilesTest, picks_the_form_that_the_client_accepts) {
  const auto form = [this](const char* accept) {
    const auto response = get("/assets/app-1a2b.js", {{"Accept-Encoding", accept}});
    EXPECT_EQ(response->headers.get("Vary"), "Accept-Encoding");
    EXPECT_EQ(response->headers.get("Content-Type"), "text/javascript; charset=utf-8");
    return std::string(response->headers.get("Content-Encoding").value_or("plain")) + ": " +
           std::string(response->body.view());
  };
  EXPECT_EQ(form("gzip, deflate, br"), "br: brotli bytes");
  EXPECT_EQ(form("GZIP"), "gzip: gzip bytes");
  EXPECT_EQ(form("br;q=0, gzip;q=0.5"), "gzip: gzip bytes");
  EXPECT_EQ(form("br; q=0.000"), "plain: console.log('plain')");
  EXPECT_EQ(form("bro"), "plain: console.log('plain')");
  EXPECT_EQ(form(""), "plain: console.log('plain')");
}

TEST_F(StaticFilesTest, each_form_has_an_etag_of_its_own) {
  const auto etag = [this](const char* accept) {
    return std::string(
        *get("/assets/app-1a2b.js", {{"Accept-Encoding", accept}})->headers.get("ETag"));
  };
  EXPECT_NE(etag("br"), etag("gzip"));
  EXPECT_NE(etag("br"), etag(""));
  EXPECT_EQ(
      get("/assets/app-1a2b.js", {{"Accept-Encoding", "br"}, {"If-None-Match", etag("")}})->status,
      200u);
}

TEST_F(StaticFilesTest, the_clients_routes_get_the_page_when_a_browser_asks) {
  const HttpHeaders browser{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
  EXPECT_EQ(get("/chat/0190", browser)->body.view(), "<!doctype html>");
  EXPECT_FALSE(get("/chat/0190", {{"Accept", "application/json"}}));
  EXPECT_FALSE(get("/chat/0190"));
  EXPECT_FALSE(get("/assets/gone-3c4d.js", browser));
  EXPECT_FALSE(get("/favicon.ico", browser));
}

TEST_F(StaticFilesTest, answers_get_and_head_only) {
  EXPECT_TRUE(get("/sw.js", {}, "HEAD"));
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "get"}) {
    EXPECT_FALSE(get("/sw.js", {}, method));
  }
}

TEST_F(StaticFilesTest, serves_neither_hidden_files_nor_what_lies_outside) {
  for (const char* path : {"/.env", "/.git/config", "/leak.txt", "/outside.txt", "/../outside.txt",
                           "/assets", "/assets/", "//sw.js", "/sw.js/", "", "*"}) {
    EXPECT_FALSE(get(path)) << path;
  }
  EXPECT_EQ(get("/alias.js")->body.view(), "self.x");
}

TEST_F(StaticFilesTest, knows_types_by_extension_in_any_case) {
  EXPECT_EQ(get("/logo.SVG")->headers.get("Content-Type"), "image/svg+xml");
  EXPECT_EQ(get("/archive.gz")->headers.get("Content-Type"), "application/octet-stream");
  EXPECT_EQ(get("/archive.gz")->body.view(), "not a variant of anything");
}

TEST_F(StaticFilesTest, every_answer_carries_the_policy_of_the_page) {
  for (const char* path : {"/", "/sw.js", "/assets/app-1a2b.js"}) {
    const auto response = get(path);
    const auto policy = *response->headers.get("Content-Security-Policy");
    EXPECT_TRUE(policy.contains("default-src 'self'"));
    EXPECT_TRUE(policy.contains("frame-ancestors 'none'"));
    EXPECT_FALSE(policy.contains("unsafe"));
  }
}

TEST_F(StaticFilesTest, loading_fails_without_a_page_or_over_the_limit) {
  EXPECT_EQ(StaticFiles::load(root / "nowhere").error().code, base::ErrorCode::not_found);
  EXPECT_EQ(StaticFiles::load(root / "assets").error().code, base::ErrorCode::not_found);
  EXPECT_EQ(StaticFiles::load(root, 10).error().code, base::ErrorCode::too_large);
}

}  // namespace
}  // namespace rubricon::net
