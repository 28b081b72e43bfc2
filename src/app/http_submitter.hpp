/// The gateway's way to an api in another process: `send-msg` as the POST that it stands for.
#pragma once

#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/message_submitter.hpp>
#include <rubricon/rest_client/rest_client.hpp>

namespace rubricon::app {

/// One shard. With the sender's own token, so the api decides who that is; what it refuses comes
/// back as it was said, what it cannot answer is base::Unavailable. `clock` outlives it.
class HttpSubmitter final : public ports::MessageSubmitter {
 public:
  HttpSubmitter(rest_client::Target api, const ports::Clock& clock)
      : api_(std::move(api)), clock_(clock) {}

  bool forwards_token() const override { return true; }
  base::Task<base::Result<ports::PostedMessage>> submit(ports::SubmitMessage message,
                                                        base::Deadline deadline) override;

 private:
  rest_client::Target api_;
  const ports::Clock& clock_;
};

/// What the api's answer to POST /api/chat/messages says. Throws base::Unavailable for one that is
/// neither a success nor a refusal of the sender's.
base::Result<ports::PostedMessage> posted_message(const rest_client::RestReply& reply);

}  // namespace rubricon::app
