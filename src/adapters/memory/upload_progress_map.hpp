/// How far uploads are, inside one process.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/upload_progress.hpp>

#include <cstddef>
#include <map>
#include <utility>

namespace rubricon::memory {

/// Lives on one shard; every operation completes without waiting. `clock` must outlive it. Where it
/// is full, the upload that would be forgotten first goes.
class UploadProgressMap final : public ports::UploadProgress {
 public:
  explicit UploadProgressMap(const ports::Clock& clock, std::size_t uploads_max = 1'024)
      : clock_(clock), uploads_max_(uploads_max) {}

  base::Task<void> report(domain::UserId user, domain::UploadId upload, std::string file,
                          domain::FileProgress progress, base::Deadline) override;
  base::Task<std::optional<domain::UploadProgress>> of(domain::UserId user, domain::UploadId upload,
                                                       base::Deadline) override;

  std::size_t size() const { return uploads_.size(); }

 private:
  struct Entry {
    domain::UploadProgress files;
    base::Instant gone_at;
  };
  using Key = std::pair<domain::UserId, domain::UploadId>;

  void make_room();

  const ports::Clock& clock_;
  std::size_t uploads_max_;
  std::map<Key, Entry> uploads_;
};

}  // namespace rubricon::memory
