// Any JSON as the argument of each event that clients send: refused with a code, or read into
// values within their bounds.
#include <rubricon/base/assert.hpp>
#include <rubricon/gateway/wire.hpp>

#include <boost/json/parse.hpp>

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon::gateway;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  RUBRICON_ASSERT(!wire::typing_user(text) || text.find("userId") != std::string_view::npos);
  boost::system::error_code error;
  const auto argument = boost::json::parse({text.data(), text.size()}, error);
  if (error) return 0;
  for (const char* field : {"chatId", "userId"}) {
    if (const auto join = wire::parse_join(argument, field); join && join->from.after) {
      RUBRICON_ASSERT(join->from.after->value() >= 0);
    }
  }
  if (const auto chat = wire::parse_chat(argument)) {
    RUBRICON_ASSERT(rubricon::domain::ChatId::parse(chat->to_string()) == *chat);
  }
  if (const auto send = wire::parse_send(argument); !send) {
    RUBRICON_ASSERT(wire::error_ack(send.error()).contains("error"));
  }
  RUBRICON_ASSERT(wire::parse_token(argument, 4'096).size() <= 4'096);
  return 0;
}
