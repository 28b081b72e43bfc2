#include <rubricon/domain/upload_progress.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

TEST(UploadProgress, is_read_in_the_shape_that_the_mission_gives) {
  const auto upload = parse_upload_progress(
      R"({"file1.pdf": {"status": "uploading", "progress": 75, "error": null},
          "file2.pdf": {"status": "success", "progress": 100, "key": "storage-key-123"}})");
  ASSERT_TRUE(upload);
  EXPECT_EQ(upload->size(), 2u);
  EXPECT_EQ(upload->at("file1.pdf"), (FileProgress{.percent = 75, .error = {}, .key = {}}));
  EXPECT_EQ(
      upload->at("file2.pdf"),
      (FileProgress{
          .state = FileState::success, .percent = 100, .error = {}, .key = "storage-key-123"}));
}

TEST(UploadProgress, comes_back_as_it_was_written) {
  const UploadProgress upload = {
      {"作文 “一”.docx", {.percent = 0, .error = {}, .key = {}}},
      {"b.pdf", {.state = FileState::error, .percent = 40, .error = "too_large", .key = {}}},
      {"c.pdf", {.state = FileState::success, .percent = 100, .error = {}, .key = "k"}}};
  EXPECT_EQ(parse_upload_progress(upload_progress_data(upload)), upload);
  EXPECT_EQ(file_progress_data(upload.at("b.pdf")),
            R"({"status":"error","progress":40,"error":"too_large"})");
  EXPECT_EQ(upload_progress_data({}), "{}");
}

TEST(UploadProgress, is_nothing_else) {
  for (const char* text : {"", "[]", "{", "null"}) {
    EXPECT_FALSE(parse_upload_progress(text)) << text;
  }
  for (const char* file :
       {"1", R"({"status":"uploading"})", R"({"status":"flying","progress":1})",
        R"({"status":"error","progress":"1"})", R"({"status":"error","progress":101})",
        R"({"status":"error","progress":-1})"}) {
    const auto upload = parse_upload_progress(std::string(R"({"a":)") + file +
                                              R"(,"b":{"status":"error","progress":1}})");
    ASSERT_TRUE(upload) << file;
    EXPECT_EQ(upload->size(), 1u) << "of b alone something is known: " << file;
  }
  std::string many = "{";
  for (int n = 0; n < 1'001; ++n) {
    many += (n == 0 ? "\"" : ",\"") + std::to_string(n) + R"(":{"status":"error","progress":1})";
  }
  EXPECT_FALSE(parse_upload_progress(many + "}"));
}

}  // namespace
}  // namespace rubricon::domain
