#include <rubricon/observability/trace_context.hpp>

#include <gtest/gtest.h>

namespace rubricon::observability {
namespace {

const std::string example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContextTest, reads_and_writes_the_example_of_the_recommendation) {
  const auto context = TraceContext::parse(example);
  ASSERT_TRUE(context);
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(context->trace_id_text(), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(context->to_string(), example);
}

TEST(TraceContextTest, reads_later_versions_by_their_first_fields) {
  EXPECT_TRUE(TraceContext::parse("cc" + example.substr(2)));
  EXPECT_TRUE(TraceContext::parse("cc" + example.substr(2) + "-what-comes-later"));
  EXPECT_FALSE(TraceContext::parse("cc" + example.substr(2) + "0"));
  EXPECT_FALSE(TraceContext::parse(example + "-more"));
}

TEST(TraceContextTest, refuses_what_is_malformed) {
  EXPECT_FALSE(TraceContext::parse(""));
  EXPECT_FALSE(TraceContext::parse(example.substr(1)));
  EXPECT_FALSE(TraceContext::parse("ff" + example.substr(2)));
  EXPECT_FALSE(TraceContext::parse("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"));
  EXPECT_FALSE(TraceContext::parse("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
  EXPECT_FALSE(TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
  for (const std::size_t dash : {2, 35, 52}) {
    auto broken = example;
    broken[dash] = '_';
    EXPECT_FALSE(TraceContext::parse(broken));
  }
}

TEST(TraceContextTest, a_new_trace_and_its_children_have_valid_ids) {
  const auto context = TraceContext::create({}, false);
  EXPECT_EQ(TraceContext::parse(context.to_string()), context);
  EXPECT_FALSE(context.sampled);
  const auto child = context.child({1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(child.trace_id, context.trace_id);
  EXPECT_TRUE(child.to_string().contains("-0102030405060708-00"));
  EXPECT_EQ(TraceContext::parse(context.child({}).to_string()), context.child({}));
}

}  // namespace
}  // namespace rubricon::observability
