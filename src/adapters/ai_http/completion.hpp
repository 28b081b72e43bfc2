/// A streamed chat completion, event by event.
#pragma once

#include <rubricon/ai_http/sse.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::ai_http {

struct TokenCounts {
  std::int64_t prompt = 0;
  std::int64_t completion = 0;

  bool operator==(const TokenCounts&) const = default;
};

/// The stream says that it failed, or is none.
struct StreamError {
  enum class Kind { malformed, reported };
  Kind kind = Kind::malformed;
  int code = 0;         ///< of HTTP, where the server gave one
  std::string message;  ///< the server's words, or ours

  bool operator==(const StreamError&) const = default;
};

/// The words of an error answer, at most 300 bytes, without control characters: from
/// `{"error": {"message": …}}` and its relatives, or the text itself.
std::string error_message(std::string_view body);

/// Pure.
class CompletionReader {
 public:
  struct Delta {
    std::string text;    ///< of the content
    bool token = false;  ///< the model wrote something: content, a call, or a thought
  };

  std::expected<Delta, StreamError> take(const SseEvent& event);

  /// Arguments of the call of `set_rubric`, so far. Another tool there is none: a call of it is
  /// read over.
  const std::string& call_arguments() const { return call_arguments_; }
  bool called() const { return called_; }
  /// "stop", "length", "tool_calls", "content_filter" …; empty while the model writes.
  const std::string& finish_reason() const { return finish_reason_; }
  const std::optional<TokenCounts>& tokens() const { return tokens_; }

 private:
  std::optional<TokenCounts> tokens_;
  std::string call_arguments_;
  std::string finish_reason_;
  bool called_ = false;
  bool of_other_tool_ = false;
};

}  // namespace rubricon::ai_http
