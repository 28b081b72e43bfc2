/// How a message gets in, whoever brings it: the POST route and the gateway's `send-msg` end here,
/// so that both have the same rules and the same answer.
#pragma once

#include <rubricon/api/rate_limits.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/message_submitter.hpp>

namespace rubricon::api {

/// MessageSubmitter within the process that has the store. One shard. The references outlive it.
class LocalSubmitter final : public ports::MessageSubmitter {
 public:
  LocalSubmitter(ports::MessageStore& messages, RateLimits& limits)
      : messages_(messages), limits_(limits) {}

  bool forwards_token() const override { return false; }
  /// In this order: rate_limited; invalid or too_large content or client_id; not_found for a chat
  /// id that is not one or that the sender may not see; then as MessageStore::post.
  base::Task<base::Result<ports::PostedMessage>> submit(ports::SubmitMessage message,
                                                        base::Deadline deadline) override;

 private:
  ports::MessageStore& messages_;
  RateLimits& limits_;
};

}  // namespace rubricon::api
