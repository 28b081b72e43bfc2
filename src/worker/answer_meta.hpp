/// What is kept beside an answer: by whom it is and what came of it.
#pragma once

#include <rubricon/ports/ai_client.hpp>
#include <rubricon/ports/job_store.hpp>
#include <rubricon/worker/rubric_change.hpp>

#include <optional>
#include <string>

namespace rubricon::worker {

/// JSON object text, as `answerMeta` of contract/events.schema.json. `change` is what became of the
/// answer's rubric, `suspicious` are words of its material that seem to be meant for an AI. Pure.
std::string answer_meta(const ports::AiAnswer& answer, ports::AnswerEnding ending,
                        const RubricChange& change = {},
                        const std::optional<std::string>& suspicious = {});

}  // namespace rubricon::worker
