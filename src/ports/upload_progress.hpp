/// How far the files are that somebody is uploading.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/ids.hpp>
#include <rubricon/domain/upload_progress.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace rubricon::ports {

/// A cache: it may forget everything at any time, and forgets an upload an hour after its last
/// change. Whoever asks for another user's finds nothing.
/// Faults: throws base::Unavailable when the cache cannot answer before `deadline`.
class UploadProgress {
 public:
  static constexpr std::chrono::seconds kept{3'600};

  virtual ~UploadProgress() = default;

  /// Sets what is known of one file, and leaves the others as they are; nothing where the upload
  /// has `upload_files_max` others.
  virtual base::Task<void> report(domain::UserId user, domain::UploadId upload, std::string file,
                                  domain::FileProgress progress, base::Deadline deadline) = 0;
  virtual base::Task<std::optional<domain::UploadProgress>> of(domain::UserId user,
                                                               domain::UploadId upload,
                                                               base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
