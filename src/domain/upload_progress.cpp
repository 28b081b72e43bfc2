#include <rubricon/domain/upload_progress.hpp>

#include <boost/json.hpp>

#include <array>
#include <utility>

namespace rubricon::domain {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 8;
constexpr std::array state_names = {"uploading", "success", "error"};

std::optional<FileState> parse_state(std::string_view name) {
  for (std::size_t n = 0; n < state_names.size(); ++n) {
    if (name == state_names[n]) return static_cast<FileState>(n);
  }
  return std::nullopt;
}

json::object object_of(const FileProgress& file) {
  json::object object{{"status", state_names[static_cast<std::size_t>(file.state)]},
                      {"progress", file.percent},
                      {"error", nullptr}};
  if (!file.error.empty()) object["error"] = file.error;
  if (!file.key.empty()) object["key"] = file.key;
  return object;
}

std::string text_of(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<FileProgress> read_file(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  const auto state = parse_state(text_of(object, "status"));
  const auto* progress = object.if_contains("progress");
  if (!state || progress == nullptr || !progress->is_number()) return std::nullopt;
  const auto percent = progress->to_number<double>();
  if (!(percent >= 0 && percent <= 100)) return std::nullopt;
  return FileProgress{.state = *state,
                      .percent = static_cast<int>(percent),
                      .error = text_of(object, "error"),
                      .key = text_of(object, "key")};
}

}  // namespace

std::string file_progress_data(const FileProgress& file) {
  return json::serialize(object_of(file));
}

std::string upload_progress_data(const UploadProgress& upload) {
  json::object object;
  for (const auto& [name, file] : upload) object[name] = object_of(file);
  return json::serialize(object);
}

std::optional<UploadProgress> parse_upload_progress(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error, {}, {.max_depth = depth_max});
  if (error || !value.is_object() || value.get_object().size() > upload_files_max)
    return std::nullopt;
  UploadProgress upload;
  for (const auto& member : value.get_object()) {
    if (auto file = read_file(member.value())) upload.emplace(member.key(), std::move(*file));
  }
  return upload;
}

}  // namespace rubricon::domain
