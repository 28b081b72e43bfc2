#include <rubricon/api/harness_test.hpp>

namespace rubricon::api {
namespace {

class UploadRoutesTest : public ApiFixture {
 protected:
  const std::string upload = "0199e2a4-3c1e-7a10-8f00-000000000001";
  const std::string path = "/api/uploads/" + upload + "/progress";
};

TEST_F(UploadRoutesTest, EachFileIsToldByItsName) {
  const auto lin = sign_up("lin");
  report_upload(lin, upload, "作文.pdf", {.percent = 75, .error = {}, .key = {}});
  report_upload(
      lin, upload, "b.pdf",
      {.state = domain::FileState::success, .percent = 100, .error = {}, .key = "storage-key-123"});
  const auto reply = get(path, lin.token);
  ASSERT_EQ(reply.status, 200u);
  EXPECT_EQ(reply.body().at("作文.pdf").at("progress"), json::value(75));
  EXPECT_EQ(reply.body().at("b.pdf").at("key"), json::value("storage-key-123"));
}

TEST_F(UploadRoutesTest, WhatIsOfOthersAndWhatNeverWasAreTheSame) {
  const auto lin = sign_up("lin"), wang = sign_up("wang");
  report_upload(lin, upload, "a.pdf", {.error = {}, .key = {}});
  EXPECT_EQ(get(path, wang.token).code(), "not_found");
  EXPECT_EQ(get(path, "").status, 401u);
}

}  // namespace
}  // namespace rubricon::api
