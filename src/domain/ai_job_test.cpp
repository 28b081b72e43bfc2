#include <rubricon/domain/ai_job.hpp>

#include <gtest/gtest.h>

namespace rubricon::domain {
namespace {

TEST(AiJob, states_are_spelt_as_the_database_has_them) {
  EXPECT_STREQ(to_string(JobState::queued), "queued");
  EXPECT_STREQ(to_string(JobState::cancelled), "cancelled");
}

}  // namespace
}  // namespace rubricon::domain
