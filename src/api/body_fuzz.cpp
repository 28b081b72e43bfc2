// Any bytes as a body: refused, or an object that says the same when written and read again.
#include <rubricon/api/body.hpp>
#include <rubricon/base/assert.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace {

namespace json = boost::json;

/// Equal but for the last digits of a fraction, which the library does not keep.
bool alike(const json::value& a, const json::value& b) {
  if (a.is_object() && b.is_object()) {
    return std::ranges::equal(a.get_object(), b.get_object(), [](const auto& x, const auto& y) {
      return x.key() == y.key() && alike(x.value(), y.value());
    });
  }
  if (a.is_array() && b.is_array()) {
    return std::ranges::equal(a.get_array(), b.get_array(), alike);
  }
  if (!a.is_double() && !b.is_double()) return a == b;
  const auto x = a.to_number<double>(), y = b.to_number<double>();
  return std::abs(x - y) <= 1e-12 * std::max(std::abs(x), std::abs(y));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  if (size > api::body_bytes_max) return 0;
  const auto object = api::parse_object({reinterpret_cast<const char*>(data), size});
  if (!object) return 0;
  const auto again = api::parse_object(json::serialize(*object));
  RUBRICON_ASSERT(again.has_value());
  RUBRICON_ASSERT(alike(*object, *again));
  return 0;
}
