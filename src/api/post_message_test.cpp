#include <rubricon/api/post_message.hpp>

#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/rate_buckets.hpp>
#include <rubricon/ports/contract/run_task.hpp>

#include <gtest/gtest.h>

namespace rubricon::api {
namespace {

using base::ErrorCode;

class RecordingStore final : public ports::MessageStore {
 public:
  base::Task<base::Result<ports::PostedMessage>> post(ports::PostMessage message,
                                                      base::Deadline) override {
    posted.push_back(std::move(message));
    co_return ports::PostedMessage{};
  }
  base::Task<base::Result<domain::Message>> edit(domain::UserId, domain::ChatId, domain::MessageId,
                                                 domain::MessageText, base::Deadline) override {
    co_return base::fail(ErrorCode::not_found);
  }
  base::Task<base::Result<void>> remove(domain::UserId, domain::ChatId, domain::MessageId,
                                        base::Deadline) override {
    co_return base::fail(ErrorCode::not_found);
  }
  base::Task<base::Result<domain::JobId>> ask_again(domain::UserId, domain::ChatId, domain::Seq,
                                                    base::Deadline) override {
    co_return base::fail(ErrorCode::not_found);
  }
  base::Task<base::Result<domain::JobId>> stop_answer(domain::UserId, domain::ChatId, domain::Seq,
                                                      base::Deadline) override {
    co_return base::fail(ErrorCode::not_found);
  }
  base::Task<base::Result<std::vector<domain::Message>>> page(domain::UserId, domain::ChatId,
                                                              ports::MessageQuery,
                                                              base::Deadline) override {
    co_return base::fail(ErrorCode::not_found);
  }

  std::vector<ports::PostMessage> posted;
};

class LocalSubmitterTest : public testing::Test {
 protected:
  ports::SubmitMessage message(std::string content) {
    ports::SubmitMessage result;
    result.sender.user = domain::UserId(base::Uuid::v7(1, {1}));
    result.chat_id = "0199e2a4-3c1e-7a10-8f00-000000000001";
    result.content = std::move(content);
    result.client_id = "c-1";
    return result;
  }
  base::Result<ports::PostedMessage> submit(ports::SubmitMessage m) {
    return ports::contract::run_task(
        io, submitter.submit(std::move(m), base::Deadline::at(clock.monotonic())));
  }

  boost::asio::io_context io;
  memory::ManualClock clock;
  memory::RateBuckets buckets{clock};
  RateLimits limits{{}, buckets, clock};
  RecordingStore store;
  LocalSubmitter submitter{store, limits};
};

TEST_F(LocalSubmitterTest, PostsForTheVerifiedSender) {
  const auto sent = message("hello");
  ASSERT_TRUE(submit(sent));
  ASSERT_EQ(store.posted.size(), 1u);
  EXPECT_EQ(store.posted[0].user, sent.sender.user);
  EXPECT_EQ(store.posted[0].content.value(), "hello");
  EXPECT_EQ(store.posted[0].key->value(), "c-1");
}

TEST_F(LocalSubmitterTest, RefusesBadInputBeforeTheStoreSeesIt) {
  EXPECT_EQ(submit(message("")).error().reason, "empty");
  EXPECT_EQ(submit(message("\xff")).error().reason, "invalid_utf8");
  EXPECT_EQ(submit(message(std::string("a\0b", 3))).error().reason, "nul");
  EXPECT_EQ(submit(message(std::string(32'769, 'x'))).error().code, ErrorCode::too_large);
  auto bad_key = message("hello");
  bad_key.client_id = "two words";
  EXPECT_EQ(submit(bad_key).error().reason, "invalid_key");
  auto bad_chat = message("hello");
  bad_chat.chat_id = "42";
  EXPECT_EQ(submit(bad_chat).error().code, ErrorCode::not_found);
  EXPECT_TRUE(store.posted.empty());
}

TEST_F(LocalSubmitterTest, LimitsEachUser) {
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(submit(message("hello")));
  EXPECT_EQ(submit(message("hello")).error().code, ErrorCode::rate_limited);
}

}  // namespace
}  // namespace rubricon::api
