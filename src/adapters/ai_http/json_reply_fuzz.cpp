// Any bytes as an answer in JSON: the same text in one piece and in many, always whole code points,
// and what a parser finds where it is JSON.
#include <rubricon/ai_http/json_reply.hpp>
#include <rubricon/base/assert.hpp>
#include <rubricon/domain/text.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>

namespace {

using namespace rubricon::ai_http;
namespace json = boost::json;

std::string read(std::string_view bytes, std::size_t step) {
  JsonReplyReader reader;
  std::string text;
  while (!bytes.empty()) {
    const auto piece = reader.feed(bytes.substr(0, step));
    RUBRICON_ASSERT(rubricon::domain::is_utf8(piece));
    text += piece;
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  return text;
}

bool begins_with_the_reply(std::string_view bytes) {
  return bytes.starts_with(R"({"reply":")");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto text = read(bytes, size);
  RUBRICON_ASSERT(text == read(bytes, data[0] % 8 + 1));
  boost::system::error_code error;
  const auto document = json::parse(bytes, error);
  if (error || !begins_with_the_reply(bytes) || document.as_object().size() != 1) return 0;
  RUBRICON_ASSERT(document.at("reply").as_string() == text);
  return 0;
}
