#include <rubricon/postgres/hosts.hpp>

#include <gtest/gtest.h>

namespace rubricon::postgres {
namespace {

TEST(Hosts, begin_with_any_of_them) {
  const std::string url = "postgresql://me:s3cret@a:1,b,c:3/x?target_session_attrs=read-write";
  EXPECT_EQ(hosts_of(url, 0).host, "a,b,c");
  EXPECT_EQ(hosts_of(url, 0).port, "1,,3");
  EXPECT_EQ(hosts_of(url, 1).host, "b,c,a");
  EXPECT_EQ(hosts_of(url, 1).port, ",3,1");
  EXPECT_EQ(hosts_of(url, 5).host, "c,a,b");
}

TEST(Hosts, are_what_the_address_says) {
  EXPECT_EQ(hosts_of("postgresql://db:5432/x", 7).host, "db");
  EXPECT_EQ(hosts_of("host=a,b hostaddr=10.0.0.1,10.0.0.2 port=5433", 1).hostaddr,
            "10.0.0.2,10.0.0.1");
  EXPECT_EQ(hosts_of("host=a,b port=5433", 1).port, "5433") << "one for all of them";
  EXPECT_EQ(hosts_of("postgresql:///x", 1).host, "") << "a socket of this machine";
  EXPECT_EQ(hosts_of("postgresql://a/x?nonsense=1", 1).host, "") << "malformed";
}

}  // namespace
}  // namespace rubricon::postgres
