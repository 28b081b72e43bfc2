#include <rubricon/redis/upload_progress_keys.hpp>

#include <rubricon/ports/contract/upload_progress_contract.hpp>
#include <rubricon/redis/live_redis_test.hpp>

namespace rubricon::redis {
namespace {

class UploadProgressKeysHarness : public LiveHarness<UploadProgressKeys> {
 public:
  ports::UploadProgress& uploads() { return adapter_; }
};

TEST(UploadProgressKeys, reads_what_others_write_there) {
  LiveRedis redis;
  UploadProgressKeys uploads(redis.connection());
  const domain::UserId user(base::Uuid::v7(1, {}));
  const domain::UploadId upload(base::Uuid::v7(2, {}));
  const auto soon = redis.within(base::Milliseconds(8'000));
  const auto key = "upload:progress:" + user.to_string() + ":" + upload.to_string();
  redis.call(
      {"SET", key, R"({"file1.pdf": {"status": "uploading", "progress": 75, "error": null}})"});
  EXPECT_EQ(redis.run(uploads.of(user, upload, soon))->at("file1.pdf").percent, 75);
  redis.run(uploads.report(user, upload, "file2.pdf", {}, soon));
  EXPECT_EQ(redis.run(uploads.of(user, upload, soon))->size(), 2u);
  EXPECT_GT(*redis.call({"TTL", key}).integer(), 3'590);
  redis.call({"SET", key, "no JSON"});
  EXPECT_FALSE(redis.run(uploads.of(user, upload, soon)));
  redis.run(uploads.report(user, upload, "file3.pdf", {}, soon));
  EXPECT_EQ(redis.run(uploads.of(user, upload, soon))->size(), 1u) << "begins anew";
}

}  // namespace
}  // namespace rubricon::redis

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Redis, UploadProgressContract, redis::UploadProgressKeysHarness);
}  // namespace rubricon::ports::contract
