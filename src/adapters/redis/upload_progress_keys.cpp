#include <rubricon/redis/upload_progress_keys.hpp>

#include <rubricon/redis/scripts.hpp>

#include <utility>

namespace rubricon::redis {
namespace {

std::string key_of(domain::UserId user, domain::UploadId upload) {
  return "upload:progress:" + user.to_string() + ':' + upload.to_string();
}

}  // namespace

UploadProgressKeys::UploadProgressKeys(Connection& connection)
    : connection_(connection), report_(connection, scripts::upload_report) {}

base::Task<void> UploadProgressKeys::report(domain::UserId user, domain::UploadId upload,
                                            std::string file, domain::FileProgress progress,
                                            base::Deadline deadline) {
  co_await report_.run({key_of(user, upload)},
                       {std::move(file), domain::file_progress_data(progress),
                        std::to_string(kept.count()), std::to_string(domain::upload_files_max)},
                       deadline);
}

base::Task<std::optional<domain::UploadProgress>> UploadProgressKeys::of(domain::UserId user,
                                                                         domain::UploadId upload,
                                                                         base::Deadline deadline) {
  const auto reply = co_await connection_.call(Command{"GET", key_of(user, upload)}, deadline);
  if (!reply.text()) co_return std::nullopt;
  co_return domain::parse_upload_progress(*reply.text());
}

}  // namespace rubricon::redis
