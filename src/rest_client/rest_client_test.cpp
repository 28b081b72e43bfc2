#include <rubricon/rest_client/rest_client.hpp>

#include <gtest/gtest.h>
#include <boost/asio/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/system/system_error.hpp>

#include <stdexcept>

namespace rubricon::rest_client {
namespace {

TEST(RestClientTest, why_there_was_no_answer_is_said_in_a_few_words) {
  using boost::system::system_error;
  EXPECT_EQ(reason_of(system_error(boost::asio::error::connection_refused, "in a long place")),
            "Connection refused");
  EXPECT_EQ(reason_of(system_error(boost::beast::error::timeout)), "no answer in time");
  EXPECT_EQ(reason_of(std::runtime_error("something else")), "something else");
}

}  // namespace
}  // namespace rubricon::rest_client
