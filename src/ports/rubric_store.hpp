/// The rubric document of a chat and its versions.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/domain/chat.hpp>

#include <optional>
#include <string>
#include <vector>

namespace rubricon::ports {

using domain::RubricRecord;

struct PutRubric {
  domain::UserId user;
  domain::ChatId chat;
  domain::RubricVersion expected;  ///< 0 where there must be none yet
  std::string document;
  std::string trace;
  /// The AI's message whose proposal this version answers, with all before it: accepted, in part or
  /// not at all, as the document says.
  std::optional<domain::Seq> answers = std::nullopt;
};

/// Whoever is not a member gets not_found; viewers get forbidden on writes.
/// Faults: throws base::Unavailable when the store cannot answer before `deadline`.
class RubricStore {
 public:
  virtual ~RubricStore() = default;

  /// not_found/"rubric_not_found" where the chat has none.
  virtual base::Task<base::Result<RubricRecord>> get(domain::UserId user, domain::ChatId chat,
                                                     base::Deadline deadline) = 0;
  /// Versions older than `before`, newest first, at most `limit`. Empty where there is none.
  virtual base::Task<base::Result<std::vector<RubricRecord>>> versions(domain::UserId user,
                                                                       domain::ChatId chat,
                                                                       domain::RubricVersion before,
                                                                       std::size_t limit,
                                                                       base::Deadline deadline) = 0;
  /// not_found/"version_not_found" where there is no such version.
  virtual base::Task<base::Result<RubricRecord>> version(domain::UserId user, domain::ChatId chat,
                                                         domain::RubricVersion version,
                                                         base::Deadline deadline) = 0;
  /// Appends a version, with rubric-updated {version, by, userId, at, answered?, rubric} in the
  /// chat's stream. precondition_failed where `expected` is not the current version;
  /// conflict/"proposal_answered" and invalid/"no_such_proposal" as domain::answered_by.
  virtual base::Task<base::Result<RubricRecord>> put(PutRubric put, base::Deadline deadline) = 0;
};

}  // namespace rubricon::ports
