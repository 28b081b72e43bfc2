#include <rubricon/app/operator_seal.hpp>

#include <gtest/gtest.h>

namespace rubricon::app {
namespace {

constexpr OperatorSeal::Request request{"POST", "/admin/events/replay", R"({"after":0})"};
const auto now = base::time_from_unix_ms(1'795'384'115'123);

crypto::Secret some_secret() {
  crypto::Secret secret{};
  secret.fill(7);
  return secret;
}

TEST(OperatorSeal, opens_the_request_it_was_made_for) {
  const OperatorSeal seal(some_secret());
  EXPECT_TRUE(seal.opens(seal.seal(request, now), request, now));
}

TEST(OperatorSeal, opens_no_other_request) {
  const OperatorSeal seal(some_secret());
  const auto sealed = seal.seal(request, now);
  EXPECT_FALSE(seal.opens(sealed, {"PUT", request.path, request.body}, now));
  EXPECT_FALSE(seal.opens(sealed, {"POST", "/admin/events/replay2", request.body}, now));
  EXPECT_FALSE(seal.opens(sealed, {"POST", request.path, R"({"after":1})"}, now));
  EXPECT_FALSE(seal.opens(sealed, {"POST", request.path, ""}, now));
}

TEST(OperatorSeal, is_good_for_a_short_time_on_both_sides) {
  const OperatorSeal seal(some_secret());
  const auto sealed = seal.seal(request, now);
  const base::Milliseconds more(1);
  EXPECT_TRUE(seal.opens(sealed, request, now + OperatorSeal::good_for));
  EXPECT_FALSE(seal.opens(sealed, request, now + OperatorSeal::good_for + more));
  EXPECT_TRUE(seal.opens(sealed, request, now - OperatorSeal::good_for));
  EXPECT_FALSE(seal.opens(sealed, request, now - OperatorSeal::good_for - more));
}

TEST(OperatorSeal, is_made_with_the_secret) {
  const OperatorSeal seal(some_secret()), other(crypto::Secret{});
  EXPECT_FALSE(other.opens(seal.seal(request, now), request, now));
}

TEST(OperatorSeal, opens_nothing_that_is_written_otherwise) {
  const OperatorSeal seal(some_secret());
  const auto sealed = seal.seal(request, now);
  for (const auto& text :
       {std::string(), std::string("Rubricon-Operator "), std::string("Rubricon-Operator x:y"),
        "Bearer " + sealed, sealed + "0", sealed.substr(0, sealed.size() - 1),
        std::string("Rubricon-Operator 99999999999999999999:00")}) {
    EXPECT_FALSE(seal.opens(text, request, now)) << text;
  }
}

}  // namespace
}  // namespace rubricon::app
