/// Something that answers a teacher: the rule-based assistant, or a model behind HTTP.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/user.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ports {

struct AiRequest {
  std::string message;
  std::vector<domain::Message> history;  ///< before the message, oldest first
  domain::ContextJson context = "{}";
  std::optional<std::string> rubric;              ///< current document, JSON text
  domain::Locale locale = domain::Locale::zh_tw;  ///< for when the message has no clear language
  std::optional<std::string> previous_rubric;     ///< the version before `rubric`, for undo
  bool again = false;  ///< it was answered before, and another answer is wanted
};

/// A button under the answer: pressing it sends `text`.
struct AiChoice {
  std::string label;
  std::string text;

  bool operator==(const AiChoice&) const = default;
};

/// What an answer took, as the model's server counts.
struct AiUsage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::optional<double> cost;  ///< in the unit of the configured prices; nothing without them

  bool operator==(const AiUsage&) const = default;
};

enum class AiOutcome { created, edited, asked, declined, answered, unchanged };
const char* to_string(AiOutcome outcome) noexcept;

struct AiAnswer {
  std::string text;                   ///< all of it, Markdown
  std::optional<std::string> rubric;  ///< the new document, where the answer changes it
  AiOutcome outcome = AiOutcome::answered;
  std::string source = "rules";  ///< "rules" or the model's name
  std::string template_id;       ///< the assignment type a rubric was made from; may be empty
  std::vector<AiChoice> choices;
  bool degraded = false;         ///< not by who should have answered, since that one is away
  std::string chat_title;        ///< a good title for a chat that has none; may be empty
  std::optional<AiUsage> usage;  ///< nothing where it is not known, or no model was asked
};

/// What answers depend on beside the request: another one may answer the same otherwise.
struct AiModel {
  std::string name;
  std::string prompt_version;  ///< of what is said to the model beside the request
};

/// Called with the next piece of the answer's text, on the shard, never splitting a code point. An
/// empty piece says that the model is at work, where its first tokens are not for showing (a model
/// that reasons); it is no part of the answer.
using DeltaHandler = std::function<void(std::string_view)>;

/// Stateless: everything is in the request. Cancelling stops the work upstream.
/// Faults: throws base::Unavailable; errors are for requests that can never succeed.
class AiClient {
 public:
  virtual ~AiClient() = default;

  virtual AiModel model() const = 0;
  /// Whether it is this one that must answer, whoever else could: "undo" is no matter of opinion.
  /// Does not wait.
  virtual bool must_answer(const AiRequest&) const { return false; }
  virtual base::Task<base::Result<AiAnswer>> answer(AiRequest request, DeltaHandler on_delta,
                                                    base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
