/// Posts that are committed together: two round trips and one commit, however many they are.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/postgres/idempotency.hpp>
#include <rubricon/postgres/transaction.hpp>
#include <rubricon/postgres/waiter.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

namespace rubricon::postgres {

/// A post on its way, and what came of it: an answer or a fault, once.
struct Post {
  Post(const boost::asio::any_io_executor& executor, ports::PostMessage message,
       base::Deadline until);

  bool settled() const { return answer || fault; }

  ports::PostMessage request;
  RequestHash hash;
  base::Deadline deadline;
  std::optional<base::Result<ports::PostedMessage>> answer;
  std::exception_ptr fault;
  Waiter done;
  bool abandoned = false;  ///< nobody waits any more
  int skips = 0;           ///< how often its chat was locked by somebody else
  base::Instant skipped_at{};
};

using Posts = std::vector<std::shared_ptr<Post>>;

/// What to do about chats that somebody else has locked: leave their posts out, or wait as long as
/// `lock_timeout` says.
enum class Locked { skip, wait };

/// Stores `posts` in `transaction` and commits it. Each post gets its answer; those of locked chats
/// stay without (Locked::skip). Throws where the whole failed: then no post has an answer. Posts of
/// one chat are numbered in their order. A key that is repeated within the batch is one message.
///
/// The rows must be locked in the order of the chats' ids, and only then looked at.
base::Task<void> store_posts(Transaction* transaction, Posts posts, Locked locked);

}  // namespace rubricon::postgres
