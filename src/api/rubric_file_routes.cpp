#include <rubricon/api/rubric_file_routes.hpp>

#include <rubricon/api/query_reader.hpp>
#include <rubricon/api/rubric_routes.hpp>
#include <rubricon/api/wire.hpp>
#include <rubricon/formats/export.hpp>
#include <rubricon/formats/file_name.hpp>
#include <rubricon/formats/import.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace rubricon::api {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::size_t word_bytes_max = 32;
constexpr std::int64_t rubrics_a_file_max = 1'000;

/// The format that the query names; nullptr where it names none.
const formats::Format* read_format(QueryReader& reader, bool formats::Format::* possible) {
  const auto name = reader.text("format", word_bytes_max);
  if (!name) return nullptr;
  const auto* format = formats::find_format(*name);
  if (format != nullptr && format->*possible) return format;
  std::string known;
  for (const auto& each : formats::all_formats()) {
    if (each.*possible) known += (known.empty() ? "" : ", ") + std::string(each.name);
  }
  reader.report("format", "invalid_parameter", "must be one of " + known);
  return nullptr;
}

struct ExportQuery {
  const formats::Format* format = nullptr;
  std::optional<formats::Language> language;
};

base::Result<ExportQuery> read_export_query(const net::HttpHead& head) {
  QueryReader reader(head, {"format", "language"});
  ExportQuery out;
  out.format = read_format(reader, &formats::Format::can_export);
  if (out.format == nullptr) out.format = &formats::format_of(formats::FormatId::json);
  if (const auto language = reader.text("language", word_bytes_max)) {
    out.language = formats::parse_language(*language);
    if (!out.language) {
      reader.report("language", "invalid_parameter", "must be one of en, zh-TW, both");
    }
  }
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return out;
}

struct ImportQuery {
  formats::ImportOptions options;
  bool preview = false;
};

base::Result<ImportQuery> read_import_query(const net::HttpHead& head) {
  QueryReader reader(head, {"format", "preview", "rubric", "hidden"});
  ImportQuery out;
  if (const auto* format = read_format(reader, &formats::Format::can_import)) {
    out.options.format = format->id;
  }
  if (const auto preview = reader.text("preview", word_bytes_max)) {
    out.preview = *preview == "true";
    if (!out.preview && *preview != "false") {
      reader.report("preview", "invalid_parameter", "must be true or false");
    }
  }
  if (const auto hidden = reader.text("hidden", word_bytes_max)) {
    if (*hidden == "keep") out.options.hidden = formats::HiddenTexts::kept;
    if (*hidden != "keep" && *hidden != "leave-out") {
      reader.report("hidden", "invalid_parameter", "must be keep or leave-out");
    }
  }
  const auto rubric = reader.integer("rubric", 1, rubrics_a_file_max);
  out.options.rubric = static_cast<std::size_t>(rubric.value_or(1)) - 1;
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return out;
}

/// A document declared as JSON is our own, and is refused as PUT refuses it.
base::Result<formats::Preview> read_file(const ApiRequest& request,
                                         const formats::ImportOptions& options) {
  if (!is_json_content_type(request.head->header("Content-Type").value_or(""))) {
    return formats::import_rubric(request.body, options);
  }
  const auto document = read_rubric_document(request.body);
  if (!document) return std::unexpected(document.error());
  auto rubric = domain::parse_rubric(*document);
  if (!rubric) return std::unexpected(std::move(rubric.error()));
  return formats::Preview{.rubric = std::move(*rubric), .notes = {}};
}

/// "criteria[2].weight", or "row 3, column C".
std::string field_of(const formats::Place& place) {
  if (!place.path.empty()) return place.path;
  std::string out = "file";
  if (place.row > 0) out = fmt::format("row {}", place.row);
  if (place.column > 0) out += ", column " + formats::column_letters(place.column);
  return out;
}

base::Error import_failed(const std::vector<formats::Note>& notes) {
  base::Error error{
      ErrorCode::invalid, "No rubric could be made of the file.", "import_failed", {}};
  for (const auto& note : notes) {
    if (note.severity != formats::Severity::error) continue;
    error.fields.push_back({field_of(note.place), note.code, note.message.en});
  }
  return error;
}

void write_hidden(JsonText& json, const formats::HiddenNote& hidden) {
  json.key("hidden").begin_object().key("how").text(hidden.how);
  if (!hidden.sheet.empty()) json.key("sheet").text(hidden.sheet);
  json.key("characters").number(static_cast<std::int64_t>(hidden.characters));
  json.key("text").text(hidden.text).end_object();
}

void write_notes(JsonText& json, const std::vector<formats::Note>& notes) {
  json.key("notes").begin_array();
  for (const auto& note : notes) {
    json.begin_object().key("code").text(note.code);
    json.key("severity").text(to_string(note.severity));
    if (note.place.row > 0) json.key("row").number(static_cast<std::int64_t>(note.place.row));
    if (note.place.column > 0) {
      json.key("column").number(static_cast<std::int64_t>(note.place.column));
    }
    if (!note.place.path.empty()) json.key("path").text(note.place.path);
    if (note.hidden) write_hidden(json, *note.hidden);
    json.key("message").begin_object().key("en").text(note.message.en);
    json.key("zh-TW").text(note.message.zh_tw).end_object().end_object();
  }
  json.end_array();
}

net::HttpResponse preview_response(const formats::Preview& preview) {
  JsonText json;
  json.begin_object().key("rubric");
  if (preview.rubric) {
    json.raw(domain::to_json(*preview.rubric));
  } else {
    json.null();
  }
  write_notes(json, preview.notes);
  json.end_object();
  return json_response(200, std::move(json));
}

net::HttpResponse stored_response(const ports::RubricRecord& record,
                                  const std::vector<formats::Note>& notes) {
  JsonText json;
  json.begin_object().key("rubric").raw(record.document);
  write_notes(json, notes);
  json.key("stored");
  write_rubric(json, record);
  json.end_object();
  auto response = json_response(200, std::move(json));
  response.headers.set("ETag", fmt::format("\"{}\"", record.version.value()));
  return response;
}

net::HttpResponse file_response(const formats::Exported& file, const formats::Format& format,
                                const ports::RubricRecord& record) {
  net::HttpResponse response;
  response.status = 200;
  response.headers.set("Content-Type", std::string(format.media_type));
  response.headers.set("Content-Disposition", formats::content_disposition(file.file_name));
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  response.headers.set("ETag", fmt::format("\"{}\"", record.version.value()));
  std::string codes;
  for (const auto& warning : file.warnings) {
    if (!codes.contains(warning.code)) codes += (codes.empty() ? "" : ", ") + warning.code;
  }
  if (!codes.empty()) response.headers.set("Rubricon-Warnings", codes);
  response.body = file.bytes;
  return response;
}

}  // namespace

void RubricFileRoutes::add_to(Router& router) {
  router.add({Method::get, "/api/chat/{chatId}/rubric/export", "exportRubric", Access::signed_in,
              [this](ApiRequest r) { return export_file(std::move(r)); }});
  router.add({Method::post, "/api/chat/{chatId}/rubric/import", "importRubric", Access::signed_in,
              [this](ApiRequest r) { return import_file(std::move(r)); }, formats::import_bytes_max,
              BodyType::file});
}

base::Task<ApiResult> RubricFileRoutes::export_file(ApiRequest request) {
  const auto query = read_export_query(*request.head);
  if (!query) co_return std::unexpected(query.error());
  const auto record =
      co_await services_.rubrics.get(request.user(), request.chat(), request.deadline);
  if (!record) co_return std::unexpected(record.error());
  const auto rubric = domain::parse_rubric(record->document);
  if (!rubric) co_return std::unexpected(rubric.error());
  const formats::ExportOptions options{
      .language = query->language.value_or(formats::language_of(*rubric)),
      .changed_at = record->updated_at};
  const auto file = formats::export_rubric(*rubric, *query->format, options);
  co_return file_response(file, *query->format, *record);
}

base::Task<ApiResult> RubricFileRoutes::import_file(ApiRequest request) {
  const auto query = read_import_query(*request.head);
  if (!query) co_return std::unexpected(query.error());
  std::optional<domain::RubricVersion> expected;
  if (query->preview) {
    // Nothing is stored, and yet it is nobody's who is not in the chat.
    const auto seen =
        co_await services_.rubrics.get(request.user(), request.chat(), request.deadline);
    if (!seen && seen.error().reason != "rubric_not_found") {
      co_return std::unexpected(seen.error());
    }
  } else {
    const auto version = expected_version(*request.head);
    if (!version) co_return std::unexpected(version.error());
    expected = *version;
  }
  const auto preview = read_file(request, query->options);
  if (!preview) co_return std::unexpected(preview.error());
  if (!expected) co_return preview_response(*preview);
  if (!preview->rubric) co_return std::unexpected(import_failed(preview->notes));
  ports::PutRubric change{request.user(), request.chat(), *expected,
                          domain::to_json(*preview->rubric), request.trace};
  const auto record = co_await services_.rubrics.put(std::move(change), request.deadline);
  if (!record) co_return std::unexpected(record.error());
  co_return stored_response(*record, preview->notes);
}

}  // namespace rubricon::api
