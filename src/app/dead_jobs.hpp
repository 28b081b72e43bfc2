/// `rubricon jobs dead`: questions that were given up, as the running server tells.
#pragma once

#include <rubricon/app/config.hpp>

#include <cstddef>
#include <string>

namespace rubricon::app {

/// Prints at most `limit` lines, newest first: id, chat, number of the question, attempts, reason,
/// time. Never what was asked.
int list_dead_jobs(const Config& config, std::size_t limit);
/// What happened, and what to do. 1 where it is not among the dead.
int explain_dead_job(const Config& config, const std::string& job);
/// Asks again. 1 where that is refused.
int replay_dead_job(const Config& config, const std::string& job);
/// Asks all again that are dead now; says how many. 0 also where there are none.
int replay_dead_jobs(const Config& config);

}  // namespace rubricon::app
