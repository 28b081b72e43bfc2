// Any bytes as a model's rubric: refused, or a document that keeps every rule and what the teacher
// wrote.
#include <rubricon/ai_http/rubric_turn.hpp>
#include <rubricon/base/assert.hpp>

#include <algorithm>

namespace {

using namespace rubricon;

domain::Rubric current() {
  auto rubric = domain::parse_rubric(R"({"title":{"en":"t"},"language":"en","total":100,
    "levels":[{"id":"l1","name":{"en":"a"}},{"id":"l2","name":{"en":"b"}}],
    "criteria":[{"id":"c1","name":{"en":"x"},"weight":70,"locked":true,"cells":[
      {"levelId":"l1","descriptor":{"en":"p"},"origin":"library"},
      {"levelId":"l2","descriptor":{"en":"q"},"origin":"library"}]},
     {"id":"c2","name":{"en":"y"},"weight":30,"cells":[
      {"levelId":"l1","descriptor":{"en":"r"},"origin":"teacher"},
      {"levelId":"l2","descriptor":{},"origin":"library"}]}]})");
  RUBRICON_ASSERT(rubric.has_value());
  return std::move(*rubric);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto before = current();
  const auto written = ai_http::parse_model_rubric({reinterpret_cast<const char*>(data), size});
  if (!written) return 0;
  int made = 0;
  const auto turn = ai_http::apply_model_rubric(before, *written, domain::Locale::en,
                                                [&made] { return "n" + std::to_string(++made); });
  if (!turn) return 0;
  const auto again = domain::parse_rubric(domain::to_json(turn->rubric));
  RUBRICON_ASSERT(again.has_value());
  RUBRICON_ASSERT(*again == turn->rubric);
  const auto* locked = turn->rubric.find("c1");
  RUBRICON_ASSERT(locked != nullptr);
  RUBRICON_ASSERT(locked->weight == before.criteria[0].weight);
  RUBRICON_ASSERT(locked->name == before.criteria[0].name);
  const auto* row = turn->rubric.find("c2");
  RUBRICON_ASSERT(row != nullptr);
  const auto cell = std::ranges::find(row->cells, "l1", &domain::RubricCell::level_id);
  RUBRICON_ASSERT(cell != row->cells.end());
  RUBRICON_ASSERT(cell->descriptor.en == "r");
  return 0;
}
