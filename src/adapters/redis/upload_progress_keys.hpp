/// How far uploads are, for all processes: `upload:progress:<user>:<upload>`, a JSON object by file
/// name, kept for an hour: the key and the shape of the system before this one, with our ids.
#pragma once

#include <rubricon/ports/upload_progress.hpp>
#include <rubricon/redis/script.hpp>

namespace rubricon::redis {

/// The connection outlives it.
class UploadProgressKeys final : public ports::UploadProgress {
 public:
  explicit UploadProgressKeys(Connection& connection);

  base::Task<void> report(domain::UserId user, domain::UploadId upload, std::string file,
                          domain::FileProgress progress, base::Deadline deadline) override;
  base::Task<std::optional<domain::UploadProgress>> of(domain::UserId user, domain::UploadId upload,
                                                       base::Deadline deadline) override;

 private:
  Connection& connection_;
  Script report_;
};

}  // namespace rubricon::redis
