/// The identifiers of the domain. All are UUIDv7 made by us; on the wire lower-case text.
#pragma once

#include <rubricon/base/id.hpp>

namespace rubricon::domain {

using UserId = base::Id<struct UserTag>;
using SessionId = base::Id<struct SessionTag>;  ///< a refresh family: one sign-in on one device
using ChatId = base::Id<struct ChatTag>;
using MessageId = base::Id<struct MessageTag>;
using JobId = base::Id<struct JobTag>;
using UploadId = base::Id<struct UploadTag>;  ///< of all files that are uploaded at once

/// Position in a stream: 1, 2, 3 … without gaps. 0 means "before the first".
using Seq = base::Number<struct SeqTag>;
/// Changes only when a database was restored to an older state; positions of different epochs do
/// not compare. Starts at 1.
using Epoch = base::Number<struct EpochTag>;
/// Version of a rubric document: 1, 2, 3 …; 0 means "none yet".
using RubricVersion = base::Number<struct RubricVersionTag>;
/// A fencing token: a worker whose fence is not the newest can store nothing.
using Fence = base::Number<struct FenceTag>;

}  // namespace rubricon::domain
