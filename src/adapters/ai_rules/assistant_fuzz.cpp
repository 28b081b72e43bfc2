// Any conversation: the first byte picks what there is already, lines are messages. Each answer has
// a text, and each document that comes of it parses.
#include <rubricon/ai_rules/assistant.hpp>
#include <rubricon/base/assert.hpp>
#include <rubricon/domain/rubric.hpp>
#include <rubricon/domain/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

constexpr std::size_t messages_max = 4;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rubricon;
  static const ai_rules::Assistant assistant;
  static const auto made = assistant.respond({.message = "八年級議論文評分規準"}).rubric;
  if (size == 0) return 0;
  ports::AiRequest request;
  if (data[0] % 2 == 1) request.rubric = made;
  request.locale = data[0] % 4 < 2 ? domain::Locale::zh_tw : domain::Locale::en;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (std::size_t n = 0; n < messages_max && !text.empty(); ++n) {
    const auto end = std::min(text.find('|'), text.size());
    request.message = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto answer = assistant.respond(request);
    RUBRICON_ASSERT(!answer.text.empty());
    if (domain::is_utf8(request.message)) RUBRICON_ASSERT(domain::is_utf8(answer.text));
    if (!answer.rubric) continue;
    RUBRICON_ASSERT(domain::parse_rubric(*answer.rubric).has_value());
    request.previous_rubric = request.rubric;
    request.rubric = answer.rubric;
  }
  return 0;
}
