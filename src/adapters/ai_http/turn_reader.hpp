/// What a model writes, whatever way it sends the rubric: the text that is shown while it comes,
/// and in the end what it wants with the rubric.
#pragma once

#include <rubricon/ai_http/chat_request.hpp>
#include <rubricon/ai_http/fence_splitter.hpp>
#include <rubricon/ai_http/json_reply.hpp>
#include <rubricon/ai_http/thought_filter.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::ai_http {

/// All that an answer said beside the text that was shown.
struct ModelTurn {
  std::optional<std::string> rubric;  ///< as written, JSON text not yet looked at
  std::string problem;                ///< why there is none although the model tried; else empty
  bool asks = false;                  ///< it wants an answer first
  std::vector<std::string> questions;
  std::vector<std::string> assumptions;
};

/// Pure.
class TurnReader {
 public:
  explicit TurnReader(Transport transport) : transport_(transport) {}

  /// The visible text that this piece of the content adds, in whole code points.
  std::string feed(std::string_view content);
  /// The rest of the visible text, once there is no more.
  std::string finish();

  /// After `finish`; with the arguments of the call of `set_rubric`, where there was one. A model
  /// that has the tool and writes a block all the same is understood.
  ModelTurn turn(const std::optional<std::string>& call_arguments) const;
  /// All of the content but thoughts, as the model wrote it: for a repair.
  const std::string& content() const { return content_; }
  /// JSON was asked for, and the endpoint let the model write prose.
  bool schema_ignored() const { return transport_ == Transport::schema && reply_.not_an_object(); }

 private:
  std::string show(std::string_view content);
  ModelTurn turn_of_document() const;
  ModelTurn turn_of_fence() const;

  Transport transport_;
  ThoughtFilter thoughts_;
  JsonReplyReader reply_;
  FenceSplitter fence_;
  std::string content_;
};

}  // namespace rubricon::ai_http
