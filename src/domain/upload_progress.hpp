/// How far the files of an upload are, and the JSON in which every part of the system tells it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::domain {

enum class FileState { uploading, success, error };

struct FileProgress {
  FileState state = FileState::uploading;
  int percent = 0;    ///< 0 to 100
  std::string error;  ///< a word; of `error` only
  std::string key;    ///< where the file is stored; of `success` only

  bool operator==(const FileProgress&) const = default;
};

/// Of one upload; more are not told of.
inline constexpr std::size_t upload_files_max = 1'000;

/// By the names that the files have for their owner.
using UploadProgress = std::map<std::string, FileProgress>;

/// `{"status":"uploading","progress":75,"error":null}`, and with a `key` where it was stored.
std::string file_progress_data(const FileProgress& file);
/// The same for all files, by name.
std::string upload_progress_data(const UploadProgress& upload);
/// nullopt for what is no such object, or has more files than `upload_files_max`; files of which
/// something else is told are left out. `error` may be missing where there is `key`.
std::optional<UploadProgress> parse_upload_progress(std::string_view json);

}  // namespace rubricon::domain
