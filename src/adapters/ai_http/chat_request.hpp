/// What is asked of an endpoint: the body of a chat completion, in the dialect it understands.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_http {

/// How the rubric comes back, best first.
enum class Transport {
  tool,    ///< prose streams, the rubric is the argument of a call of `set_rubric`
  schema,  ///< one JSON object by `response_format`, whose first member is the reply
  prose,   ///< prose with one fenced block
};
const char* to_string(Transport transport) noexcept;

enum class TokenLimit { max_tokens, max_completion_tokens, none };

/// What an endpoint was found to understand.
struct Dialect {
  Transport transport = Transport::tool;
  TokenLimit token_limit = TokenLimit::max_tokens;
  bool usage = true;  ///< may be asked for the tokens that an answer took

  bool operator==(const Dialect&) const = default;
};

struct ChatMessage {
  enum class Role { system, user, assistant };
  Role role = Role::user;
  std::string text;

  bool operator==(const ChatMessage&) const = default;
};

/// JSON. The schemas are those of `rubric/llm_schemas.json`.
std::string request_body(const std::string& model, const std::vector<ChatMessage>& messages,
                         const Dialect& dialect, std::size_t answer_tokens_max);

/// What to try next where an answer with this status and body says that something of `dialect` is
/// not supported; nothing where it says something else.
std::optional<Dialect> dialect_after(const Dialect& dialect, int status, std::string_view body);

}  // namespace rubricon::ai_http
