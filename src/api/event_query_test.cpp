#include <rubricon/api/event_query.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

base::Result<ports::EventQuery> read(const char* query) {
  net::HttpHead head;
  head.query = query;
  return read_event_query(head, domain::StreamId(domain::UserId()));
}

TEST(EventQuery, HasDefaultsAndBounds) {
  EXPECT_EQ(read("")->after, domain::Seq(0));
  EXPECT_EQ(read("")->limit, 100u);
  EXPECT_EQ(read("after=7&limit=500")->after, domain::Seq(7));
  EXPECT_EQ(read("limit=500")->limit, 500u);
  EXPECT_TRUE(read("after=9223372036854775807"));
  for (const char* query :
       {"limit=501", "limit=0", "after=-1", "after=9223372036854775808", "after=x", "before=1"}) {
    EXPECT_FALSE(read(query)) << query;
  }
}

}  // namespace
}  // namespace rubricon::api
