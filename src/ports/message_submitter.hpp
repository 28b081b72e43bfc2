/// The gateway's way to the api for old clients that send by socket (`send-msg`): in process, or by
/// HTTP with the user's own token. The same rules and the same answer as POST /api/chat/messages.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/user.hpp>
#include <rubricon/ports/message_store.hpp>

#include <string>

namespace rubricon::ports {

struct SubmitMessage {
  domain::Identity sender;
  std::string access_token;
  std::string chat_id;    ///< as the client sent it
  std::string content;    ///< as the client sent it
  std::string client_id;  ///< may be empty
  std::string trace;
};

/// Faults: throws base::Unavailable; the same client_id then tells whether it was stored.
class MessageSubmitter {
 public:
  virtual ~MessageSubmitter() = default;

  /// Whether `SubmitMessage::access_token` is of any use: whoever only asks a store needs none, and
  /// nobody has to keep it.
  virtual bool forwards_token() const = 0;

  virtual base::Task<base::Result<PostedMessage>> submit(SubmitMessage message,
                                                         base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
