/// What every UploadProgress must do. The harness has `io()`, `uploads()` and
/// `advance(Milliseconds)`, which lets time pass for the adapter.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/ports/upload_progress.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports::contract {

template <typename Harness>
class UploadProgressContract : public ::testing::Test {
 protected:
  void report(const std::string& file, int percent) {
    report(file, {.percent = percent, .error = {}, .key = {}});
  }
  void report(const std::string& file, const domain::FileProgress& progress) {
    run_task(harness.io(), harness.uploads().report(ann, upload, file, progress, soon));
  }
  std::optional<domain::UploadProgress> of(domain::UserId user, domain::UploadId which) {
    return run_task(harness.io(), harness.uploads().of(user, which, soon));
  }
  std::optional<domain::UploadProgress> told() { return of(ann, upload); }

  const base::Deadline soon = base::Deadline::at(base::Instant::max());
  Harness harness;
  domain::UserId ann{base::Uuid::v7(1, {})};
  domain::UserId bob{base::Uuid::v7(2, {})};
  domain::UploadId upload{base::Uuid::v7(3, {})};
  domain::UploadId other{base::Uuid::v7(4, {})};
};
TYPED_TEST_SUITE_P(UploadProgressContract);

TYPED_TEST_P(UploadProgressContract, tells_the_last_of_each_file) {
  const domain::FileProgress stored{
      .state = domain::FileState::success, .percent = 100, .error = {}, .key = "k/1"};
  const domain::FileProgress failed{
      .state = domain::FileState::error, .percent = 3, .error = "too_large", .key = {}};
  this->report("作文.pdf", 10);
  this->report("b \"c\".pdf", failed);
  this->report("1", 0);
  this->report("作文.pdf", stored);
  const domain::UploadProgress expected = {
      {"作文.pdf", stored}, {"b \"c\".pdf", failed}, {"1", {.error = {}, .key = {}}}};
  EXPECT_EQ(this->told(), expected);
}

TYPED_TEST_P(UploadProgressContract, knows_nothing_of_others) {
  this->report("a.pdf", 10);
  EXPECT_EQ(this->of(this->bob, this->upload), std::nullopt);
  EXPECT_EQ(this->of(this->ann, this->other), std::nullopt);
}

TYPED_TEST_P(UploadProgressContract, forgets_an_hour_after_the_last_change) {
  this->report("a.pdf", 10);
  this->harness.advance(base::Milliseconds(3'000'000));
  this->report("b.pdf", 20);
  this->harness.advance(base::Milliseconds(3'500'000));
  ASSERT_TRUE(this->told());
  EXPECT_EQ(this->told()->size(), 2u);
  this->harness.advance(base::Milliseconds(101'000));
  EXPECT_EQ(this->told(), std::nullopt);
}

TYPED_TEST_P(UploadProgressContract, tells_of_so_many_files_only) {
  for (std::size_t n = 0; n <= domain::upload_files_max; ++n) this->report(std::to_string(n), 1);
  ASSERT_TRUE(this->told());
  EXPECT_EQ(this->told()->size(), domain::upload_files_max);
  this->report("7", 50);
  EXPECT_EQ(this->told()->at("7").percent, 50) << "those that are known go on";
}

REGISTER_TYPED_TEST_SUITE_P(UploadProgressContract, tells_the_last_of_each_file,
                            knows_nothing_of_others, forgets_an_hour_after_the_last_change,
                            tells_of_so_many_files_only);

}  // namespace rubricon::ports::contract
