/// What is said to a model about one question: who it is, what was said before, the material, and
/// what the teacher wrote.
#pragma once

#include <rubricon/ai_http/chat_request.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/domain/rubric.hpp>
#include <rubricon/ports/ai_client.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::ai_http {

struct Question {
  const ports::AiRequest& request;
  const std::optional<domain::Rubric>& rubric;  ///< of the request, read
  domain::Locale locale = domain::Locale::zh_tw;
  std::string nonce;  ///< unguessable, new for every request
};

/// The language of the message where it has one, else the request's.
domain::Locale language_of(const ports::AiRequest& request);

/// Pure. Within `tokens_max`, as estimated: of what was said before the newest whole turns that fit
/// (what a teacher said, with what was answered), then, where there is no room even without any,
/// what is known about the work without its longest parts. In one line the model is told that
/// something was left out. Never cut are the message and the rubric: too_large where these alone
/// are too long. Invisible characters are taken out of everything;
/// context and rubric are JSON between markers with the nonce, in the user's message and never the
/// system's. Roles alternate, from the user's on, as some models insist.
base::Result<std::vector<ChatMessage>> conversation(const Question& question, Transport transport,
                                                    std::size_t tokens_max);

/// Adds the model's broken answer and the request to mend it. Only the end of a very long answer is
/// left out.
void ask_for_repair(std::vector<ChatMessage>& messages, std::string_view answered,
                    std::string_view error, domain::Locale locale);

}  // namespace rubricon::ai_http
