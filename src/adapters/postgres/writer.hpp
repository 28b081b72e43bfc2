/// Where posts become messages: what waits when it looks is committed together, one commit for up
/// to 256 posts, and no waiting for company. Several writers, in one process or in many, share a
/// server: the chats' locks keep them apart.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/ports/message_store.hpp>
#include <rubricon/postgres/pool.hpp>
#include <rubricon/postgres/post_batch.hpp>
#include <rubricon/postgres/transaction.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace rubricon::postgres {

struct WriterOptions {
  std::size_t posts_max = 8'192;  ///< under way; beyond it base::Unavailable
  /// A chat that somebody else holds is passed over this often and this long; then its posts wait
  /// for its lock, on a connection of its own, for as long as ConnectOptions::lock_timeout.
  int skips_max = 3;
  base::Milliseconds skipped_max{50};
  base::Milliseconds batch_timeout{10'000};
  /// The same for the posts of a chat that is waited for: longer than a lock timeout.
  base::Milliseconds lane_timeout{4'000};
};

/// Lives on one shard; every call from there.
class Writer {
 public:
  static constexpr std::size_t batch_max = 256;

  struct Counters {
    std::uint64_t posts = 0;            ///< answered
    std::uint64_t batches = 0;          ///< commits that carried them
    std::uint64_t batches_retried = 0;  ///< batches run again one by one because they failed
    std::uint64_t skipped = 0;          ///< times that a post was passed over
    std::uint64_t alone = 0;            ///< batches of a chat that waited for its lock
  };

  /// `batches` has one connection, `lanes` those for chats that wait for a lock; `transactor` says
  /// whom to tell of commits. All outlive the writer.
  Writer(boost::asio::any_io_executor executor, Pool& batches, Pool& lanes, Transactor& transactor,
         const ports::Clock& clock, ports::Random& random, observability::Log& log,
         WriterOptions options);

  void start();
  /// Refuses newcomers, finishes what was accepted or gives it up after `patience`, and ends.
  base::Task<void> stop(base::Instant::duration patience);

  /// See ports::MessageStore::post. Cancelling is safe: a post that was not begun is dropped, one
  /// that was completes.
  base::Task<base::Result<ports::PostedMessage>> post(ports::PostMessage message,
                                                      base::Deadline deadline);

  const Counters& counters() const { return counters_; }
  /// Posts accepted and not answered yet.
  std::size_t depth() const { return open_.size(); }

 private:
  using PostPointer = std::shared_ptr<Post>;
  using Waiting = std::deque<PostPointer>;

  enum class Outcome {
    done,    ///< committed; posts without an answer were passed over
    lost,    ///< the server went away; posts that are not settled can be tried again
    busy,    ///< a lock did not come
    failed,  ///< nothing was stored, for another reason
  };
  struct Attempted {
    Outcome outcome = Outcome::done;
    std::exception_ptr fault;
  };

  base::Task<void> run();
  Posts take_batch();
  Posts take(Waiting* from);
  base::Task<void> commit(Posts posts);
  base::Task<void> commit_one_by_one(Posts posts);
  base::Task<void> run_lane(domain::ChatId chat);
  base::Task<void> commit_waiting(Posts posts);

  /// Runs and commits `posts` as one batch, and wakes those that are settled.
  base::Task<Attempted> attempt(Pool* pool, Posts posts, Locked locked, base::Deadline deadline);
  base::Task<Attempted> attempt_on(Connection* connection, Posts posts, Locked locked,
                                   base::Deadline deadline);
  void pass_over(const Posts& posts);
  void put_back(const Posts& posts);
  void settle(const Posts& posts);
  void fail(const Posts& posts, const std::exception_ptr& fault);
  base::Deadline in(base::Milliseconds time) const;

  boost::asio::any_io_executor executor_;
  Pool& batches_;
  Pool& lanes_pool_;
  Transactor& transactor_;
  const ports::Clock& clock_;
  ports::Random& random_;
  WriterOptions options_;
  Counters counters_;

  Waiting queue_;
  /// Chats whose posts wait for a lock held elsewhere. Newcomers of theirs wait there too.
  std::unordered_map<domain::ChatId, Waiting> lanes_;
  std::unordered_set<PostPointer> open_;  ///< accepted and not settled, wherever they are
  bool stopping_ = false;
  Waiter work_;     ///< called when there is something to do
  Waiter drained_;  ///< called when nothing is left while stopping
  base::TaskGroup tasks_;
};

}  // namespace rubricon::postgres
