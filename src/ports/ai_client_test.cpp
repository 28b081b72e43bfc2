#include <rubricon/ports/ai_client.hpp>

#include <gtest/gtest.h>

namespace rubricon::ports {
namespace {

TEST(AiOutcome, is_spelt_as_clients_read_it) {
  EXPECT_STREQ(to_string(AiOutcome::created), "created");
  EXPECT_STREQ(to_string(AiOutcome::unchanged), "unchanged");
}

}  // namespace
}  // namespace rubricon::ports
