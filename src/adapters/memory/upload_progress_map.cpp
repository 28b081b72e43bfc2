#include <rubricon/memory/upload_progress_map.hpp>

#include <algorithm>

namespace rubricon::memory {

base::Task<void> UploadProgressMap::report(domain::UserId user, domain::UploadId upload,
                                           std::string file, domain::FileProgress progress,
                                           base::Deadline) {
  const Key key(user, upload);
  if (!uploads_.contains(key)) make_room();
  auto& entry = uploads_[key];
  const auto now = clock_.monotonic();
  if (entry.gone_at <= now) entry.files.clear();
  entry.gone_at = now + kept;
  if (entry.files.contains(file) || entry.files.size() < domain::upload_files_max) {
    entry.files.insert_or_assign(std::move(file), std::move(progress));
  }
  co_return;
}

base::Task<std::optional<domain::UploadProgress>> UploadProgressMap::of(domain::UserId user,
                                                                        domain::UploadId upload,
                                                                        base::Deadline) {
  const auto found = uploads_.find({user, upload});
  if (found == uploads_.end() || found->second.gone_at <= clock_.monotonic())
    co_return std::nullopt;
  co_return found->second.files;
}

void UploadProgressMap::make_room() {
  if (uploads_.size() < uploads_max_) return;
  std::erase_if(uploads_, [now = clock_.monotonic()](const auto& upload) {
    return upload.second.gone_at <= now;
  });
  if (uploads_.size() < uploads_max_) return;
  uploads_.erase(std::ranges::min_element(
      uploads_, {}, [](const auto& upload) { return upload.second.gone_at; }));
}

}  // namespace rubricon::memory
