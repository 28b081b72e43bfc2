/// What Redis answers (RESP2), as a value.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace rubricon::redis {

struct Reply;

/// "ERR unknown command …": the text may repeat arguments, so it never goes into a log whole.
struct ErrorReply {
  std::string text;

  /// The first word: "ERR", "LOADING", "NOSCRIPT".
  std::string code() const { return text.substr(0, text.find(' ')); }
};

/// nil, a number, a text (simple or bulk), an error, or several replies.
struct Reply {
  std::variant<std::monostate, std::int64_t, std::string, ErrorReply, std::vector<Reply>> value;

  bool nil() const { return std::holds_alternative<std::monostate>(value); }
  /// Null where it is something else.
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value); }
  const std::string* text() const { return std::get_if<std::string>(&value); }
  const ErrorReply* error() const { return std::get_if<ErrorReply>(&value); }
  const std::vector<Reply>* list() const { return std::get_if<std::vector<Reply>>(&value); }
};

}  // namespace rubricon::redis
