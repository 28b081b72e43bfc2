// Any bytes as a body: refused, or an object that says the same when written and read again.
#include <rubricon/api/body.hpp>
#include <rubricon/base/assert.hpp>

#include <boost/json/serialize.hpp>

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  if (size > api::body_bytes_max) return 0;
  const auto object = api::parse_object({reinterpret_cast<const char*>(data), size});
  if (!object) return 0;
  const auto again = api::parse_object(boost::json::serialize(*object));
  RUBRICON_ASSERT(again.has_value());
  RUBRICON_ASSERT(boost::json::serialize(*again) == boost::json::serialize(*object));
  return 0;
}
