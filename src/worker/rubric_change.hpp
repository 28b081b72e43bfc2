/// What becomes of a rubric that the AI wrote: stored, proposed, or left alone. Pure.
///
/// What is locked is never changed. What a person typed, and in a chat that wants it everything, is
/// changed by nobody but a person: the AI's document is then a proposal, kept with its answer,
/// which a member of the chat answers by a PUT of the rubric.
#pragma once

#include <rubricon/domain/chat.hpp>
#include <rubricon/domain/user.hpp>

#include <optional>
#include <string>

namespace rubricon::worker {

/// What the AI looked at.
struct RubricBefore {
  std::optional<std::string> rubric;  ///< JSON text; nothing where the chat has none
  domain::RubricVersion version;
  domain::ContextJson context;
};

struct RubricChange {
  std::optional<std::string> rubric;  ///< to store as the next version
  std::optional<std::string>
      proposal;      ///< JSON object text {version, typed, rubric} for the answer
  std::string note;  ///< to add to the answer, in its reader's language; or empty
};

/// Of `rubric` and `proposal` at most one is there. Documents that cannot be read as rubrics hold
/// nothing that could be locked or typed.
RubricChange allowed_change(const RubricBefore& before, const std::optional<std::string>& written,
                            domain::Locale locale);

}  // namespace rubricon::worker
