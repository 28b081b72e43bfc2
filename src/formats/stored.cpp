#include <rubricon/formats/stored.hpp>

#include <fmt/format.h>

namespace rubricon::formats {
namespace {

const char* sentence_zh(std::string_view code) {
  if (code == "missing") return "缺少這個欄位";
  if (code == "unknown_field") return "沒有這個欄位";
  if (code == "invalid_type") return "資料型別不對";
  if (code == "empty") return "至少要有一種語言的文字";
  if (code == "too_long") return "文字太長";
  if (code == "too_few") return "數量太少";
  if (code == "too_many") return "數量太多";
  if (code == "out_of_range") return "數值超出範圍";
  if (code == "unknown_value") return "不是可用的值";
  if (code == "invalid_id") return "識別碼只能有 1 到 64 個英文字母、數字、- 或 _";
  if (code == "duplicate") return "重複了";
  if (code == "unknown_level") return "沒有這個等級";
  if (code == "missing_cell") return "缺少一個等級的描述";
  if (code == "control_character") return "含有控制字元";
  return "不符合規則";
}

domain::LocalText whole(const base::Error& error) {
  if (error.reason == "malformed_json") {
    return {.en = "This is not well-formed JSON.", .zh_tw = "這不是格式正確的 JSON。"};
  }
  return {.en = "The rubric is too large: at most 64 KiB.", .zh_tw = "評分表太大，最多 64 KiB。"};
}

}  // namespace

Preview stored(const domain::Rubric& rubric, Notes notes) {
  return stored_json(domain::to_json(rubric), std::move(notes));
}

Preview stored_json(std::string_view json, Notes notes) {
  auto rubric = domain::parse_rubric(json);
  if (rubric) return {std::move(*rubric), notes.list()};
  const auto& error = rubric.error();
  if (error.fields.empty()) {
    notes.error({}, error.reason.empty() ? "invalid_rubric" : error.reason, whole(error));
  }
  for (const auto& field : error.fields) {
    const auto name = field.field.empty() ? std::string("$") : field.field;
    notes.error({.row = 0, .column = 0, .path = field.field}, field.code,
                {.en = fmt::format("{} {}.", name, field.message),
                 .zh_tw = fmt::format("{}：{}。", name, sentence_zh(field.code))});
  }
  return {std::nullopt, notes.list()};
}

}  // namespace rubricon::formats
