/// The JSON of the socket events that the gateway itself reads and writes (contract/). Pure.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/gateway/close_reason.hpp>
#include <rubricon/gateway/room.hpp>
#include <rubricon/ports/chat_store.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/ports/running_answers.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::gateway::wire {

// What clients send. Unknown fields are ignored: old clients may have some of their own. An id that
// is no UUID is not_found, like any other id that does not exist.

struct Join {
  std::string id;  ///< as it was sent
  JoinFrom from;
};
/// A bare id, or an object with `id_field`, `epoch?` and `after?`.
base::Result<Join> parse_join(const boost::json::value& argument, std::string_view id_field);

/// A bare chat id or `{chatId}`.
base::Result<domain::ChatId> parse_chat(const boost::json::value& argument);

struct SendMessage {
  std::string chat_id;
  std::string content;
  std::string user_id;    ///< empty where it was left out
  std::string client_id;  ///< empty where it was left out
};
/// Errors as POST answers them: `missing_field`, `invalid_type`, and `unknown_field` for a `role`
/// other than USER.
base::Result<SendMessage> parse_send(const boost::json::value& argument);

/// The token in the `auth` object of a handshake or in the argument of the `auth` event; empty
/// where there is none, or one longer than `bytes_max`.
std::string parse_token(const boost::json::value& argument, std::size_t bytes_max);

// Acknowledgements.

/// `{"error": {"code", "message"}}`; the code is the error's reason where it has one, as in REST.
boost::json::object error_ack(const base::Error& error);
boost::json::object ok_ack();
boost::json::object join_ack(domain::Position head, Resync resync);
boost::json::object sent_ack(const ports::PostedMessage& posted);

// What the server sends, as JSON text.

std::string ai_delta(const ports::RunningAnswer& answer);
std::string typing(domain::ChatId chat, domain::UserId user);
std::string presence(domain::ChatId chat, const std::vector<domain::UserId>& users);
std::string chat_updated(const ports::ChatSummary& line);
std::string heads(const std::map<domain::ChatId, domain::Seq>& heads);
std::string draining(base::Milliseconds after);
std::string closing(CloseReason reason);

/// The user that a `typing` payload is about.
std::optional<domain::UserId> typing_user(std::string_view payload);

}  // namespace rubricon::gateway::wire
