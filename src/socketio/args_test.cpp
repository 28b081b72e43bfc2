#include <rubricon/socketio/args.hpp>

#include <gtest/gtest.h>
#include <boost/json/serialize.hpp>

namespace rubricon::socketio {
namespace {

namespace json = boost::json;

TEST(Args, are_written_as_a_list_of_values_and_bytes) {
  const Args args{1, "two", nullptr, json::object{{"k", true}}, Binary("bytes")};
  EXPECT_EQ(json::serialize(args.values()),
            R"([1,"two",null,{"k":true},{"_placeholder":true,"num":0}])");
  ASSERT_NE(args.binary(args[4]), nullptr);
  EXPECT_EQ(args.binary(args[4])->view(), "bytes");
}

TEST(Args, attach_bytes_anywhere_in_a_value) {
  Args args;
  args.push(json::object{{"file", args.attach(Binary("x"))}});
  const auto* file = args.binary(args[0].as_object().at("file"));
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(file->view(), "x");
}

// Goal: a client's data is asked for bytes without trusting its shape.
TEST(Args, know_a_placeholder_from_plain_data) {
  const Args args(json::array{json::object{{"_placeholder", true}, {"num", 1}},
                              json::object{{"_placeholder", true}, {"num", -1}},
                              json::object{{"_placeholder", 1}, {"num", 0}},
                              json::object{{"_placeholder", true}}, 7},
                  {Binary("x")});
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(args.binary(args[i]), nullptr) << i;
}

TEST(Args, give_null_for_a_missing_argument) {
  Args args{1};
  EXPECT_TRUE(args[1].is_null());
  args.pop_front();
  args.pop_front();
  EXPECT_TRUE(args.empty());
}

}  // namespace
}  // namespace rubricon::socketio
