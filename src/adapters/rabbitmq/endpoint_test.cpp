#include <rubricon/rabbitmq/endpoint.hpp>

#include <gtest/gtest.h>

namespace rubricon::rabbitmq {
namespace {

TEST(EndpointTest, reads_every_part) {
  const auto endpoint = Endpoint::parse("amqp://us%65r:p%40ss@broker.example:1234/some%2fvhost");
  ASSERT_TRUE(endpoint);
  EXPECT_EQ(*endpoint, (Endpoint{.transport = Transport::plain,
                                 .host = "broker.example",
                                 .port = 1234,
                                 .vhost = "some/vhost",
                                 .user = "user",
                                 .password = "p@ss"}));
}

TEST(EndpointTest, knows_what_is_left_out) {
  for (const char* url : {"amqp://localhost", "amqp://localhost/", "amqp://localhost:5672/%2f",
                          "amqp://guest:guest@localhost"}) {
    EXPECT_EQ(Endpoint::parse(url).value(), Endpoint()) << url;
  }
  const auto tls = Endpoint::parse("amqps://localhost");
  EXPECT_EQ(tls.value().transport, Transport::tls);
  EXPECT_EQ(tls.value().port, 5671);
  EXPECT_EQ(Endpoint::parse("amqp://[::1]:1/x").value().host, "::1");
}

TEST(EndpointTest, refuses_what_is_no_broker_url_and_keeps_the_password_to_itself) {
  for (const char* url :
       {"", "localhost", "http://u:secret@host/", "amqp://", "amqp://u:secret@/",
        "amqp://u:secret@host:0/", "amqp://u:secret@host:65536/", "amqp://u:secret@host:port/",
        "amqp://u:secret@host/v?heartbeat=1", "amqp://u:secret@host/v#f", "amqp://u:secret@ho st/",
        "amqp://u:secret@host/v/w", "amqp://u:secret%00@host/", "amqp://u:secret%zz@host/"}) {
    const auto endpoint = Endpoint::parse(url);
    ASSERT_FALSE(endpoint) << url;
    EXPECT_EQ(endpoint.error().code, base::ErrorCode::invalid);
    EXPECT_EQ(endpoint.error().detail.find("secret"), std::string::npos) << url;
  }
  EXPECT_FALSE(Endpoint::parse("amqp://host/" + std::string(3'000, 'v')));
}

TEST(EndpointTest, is_shown_without_its_password) {
  EXPECT_EQ(Endpoint::parse("amqps://me:secret@host/a%2fb").value().to_string(),
            "amqps://me@host:5671/a%2fb");
  EXPECT_EQ(Endpoint::parse("amqp://[::1]:7").value().to_string(), "amqp://guest@[::1]:7/%2f");
}

}  // namespace
}  // namespace rubricon::rabbitmq
