// Any bytes as the body of a message: each line is refused, or an event that keeps its meaning when
// it is sent on, and that clients can be shown.
#include <rubricon/base/assert.hpp>
#include <rubricon/rabbitmq/event_wire.hpp>

#include <boost/json/parse.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto lines = rabbitmq::split_lines(body);
  for (const auto line : lines.value_or(std::vector<std::string_view>{})) {
    const auto event = rabbitmq::decode_event(line);
    if (!event) continue;
    RUBRICON_ASSERT(rabbitmq::decode_event(rabbitmq::encode_event(*event)) == *event);
    RUBRICON_ASSERT(event->epoch.value() >= 1 && event->seq.value() >= 1);
    boost::system::error_code error;
    boost::json::parse(domain::wire_payload(*event), error);
    RUBRICON_ASSERT(!error);
  }
  if (const auto job = rabbitmq::decode_job(body)) {
    RUBRICON_ASSERT(rabbitmq::decode_job(rabbitmq::encode_job(*job)) == *job);
  }
  return 0;
}
