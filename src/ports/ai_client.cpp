#include <rubricon/ports/ai_client.hpp>

#include <rubricon/base/assert.hpp>

namespace rubricon::ports {

const char* to_string(AiOutcome outcome) noexcept {
  switch (outcome) {
    case AiOutcome::created: return "created";
    case AiOutcome::edited: return "edited";
    case AiOutcome::asked: return "asked";
    case AiOutcome::declined: return "declined";
    case AiOutcome::answered: return "answered";
    case AiOutcome::unchanged: return "unchanged";
  }
  base::assertion_failed("a known AiOutcome", __FILE__, __LINE__);
}

}  // namespace rubricon::ports
