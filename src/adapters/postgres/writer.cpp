#include <rubricon/postgres/writer.hpp>

#include <rubricon/base/cancellation.hpp>
#include <rubricon/observability/task_errors.hpp>
#include <rubricon/postgres/failure.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace rubricon::postgres {
namespace {

Posts unsettled(const Posts& posts) {
  Posts open;
  std::ranges::copy_if(posts, std::back_inserter(open),
                       [](const auto& post) { return !post->settled(); });
  return open;
}

/// Says so when nobody waits any more.
struct Abandon {
  std::shared_ptr<Post> post;
  ~Abandon() { post->abandoned = true; }
};

}  // namespace

Writer::Writer(boost::asio::any_io_executor executor, Pool& batches, Pool& lanes,
               Transactor& transactor, const ports::Clock& clock, ports::Random& random,
               observability::Log& log, WriterOptions options)
    : executor_(executor),
      batches_(batches),
      lanes_pool_(lanes),
      transactor_(transactor),
      clock_(clock),
      random_(random),
      options_(options),
      work_(executor),
      drained_(executor),
      tasks_(executor, observability::log_task_errors(log, "postgres.writer_failed")) {}

void Writer::start() {
  tasks_.spawn(run());
}

base::Task<void> Writer::stop(base::Instant::duration patience) {
  stopping_ = true;
  if (!open_.empty()) co_await drained_.wait(patience);
  co_await tasks_.stop();
  queue_.clear();
  lanes_.clear();
  fail(Posts(open_.begin(), open_.end()),
       std::make_exception_ptr(base::Unavailable("the database is closed")));
}

base::Task<base::Result<ports::PostedMessage>> Writer::post(ports::PostMessage message,
                                                            base::Deadline deadline) {
  const auto now = clock_.monotonic();
  if (stopping_) throw base::Unavailable("the database is closed");
  if (deadline.reached(now)) throw base::DeadlineExceeded("no time is left; nothing was changed");
  if (open_.size() >= options_.posts_max) throw base::Unavailable("too many posts wait");
  const auto post = std::make_shared<Post>(executor_, std::move(message), deadline);
  const Abandon abandon{post};
  open_.insert(post);
  queue_.push_back(post);
  work_.call();
  const auto woken = co_await post->done.wait(deadline.remaining(now));
  if (woken == Waiter::Woken::late) {
    throw base::DeadlineExceeded(
        "the message was not stored in time; whether it will be is unknown");
  }
  if (post->fault) std::rethrow_exception(post->fault);
  co_return std::move(post->answer.value());
}

base::Task<void> Writer::run() {
  for (;;) {
    co_await work_.wait();
    work_.reset();
    while (!queue_.empty()) {
      auto batch = take_batch();
      if (!batch.empty()) co_await commit(std::move(batch));
    }
  }
}

/// Posts of chats that are waited for join their line.
Posts Writer::take_batch() {
  if (!lanes_.empty()) {
    for (auto& post : std::exchange(queue_, {})) {
      const auto lane = lanes_.find(post->request.chat);
      (lane == lanes_.end() ? queue_ : lane->second).push_back(std::move(post));
    }
  }
  return take(&queue_);
}

/// At most batch_max off the front, without those that nobody waits for.
Posts Writer::take(Waiting* from) {
  Posts posts;
  const auto now = clock_.monotonic();
  while (!from->empty() && posts.size() < batch_max) {
    auto post = std::move(from->front());
    from->pop_front();
    if (post->abandoned || post->deadline.reached(now)) {
      fail({post}, std::make_exception_ptr(base::DeadlineExceeded(
                       "the post waited past its deadline; nothing was changed")));
    } else {
      posts.push_back(std::move(post));
    }
  }
  return posts;
}

base::Task<void> Writer::commit(Posts posts) {
  const auto attempted =
      co_await attempt(&batches_, posts, Locked::skip, in(options_.batch_timeout));
  auto open = unsettled(posts);
  switch (attempted.outcome) {
    case Outcome::done: pass_over(open); break;
    case Outcome::lost: put_back(open); break;
    case Outcome::busy:
    case Outcome::failed: ++counters_.batches_retried; co_await commit_one_by_one(std::move(open));
  }
}

/// So that whoever makes a batch fail is alone with it.
base::Task<void> Writer::commit_one_by_one(Posts posts) {
  for (const auto& post : posts) {
    Posts one{post};
    const auto attempted =
        co_await attempt(&batches_, one, Locked::skip, in(options_.batch_timeout));
    if (post->settled()) continue;
    switch (attempted.outcome) {
      case Outcome::done: pass_over(one); break;
      case Outcome::lost: put_back(one); break;
      case Outcome::busy:
      case Outcome::failed: fail(one, attempted.fault);
    }
  }
}

base::Task<Writer::Attempted> Writer::attempt(Pool* pool, Posts posts, Locked locked,
                                              base::Deadline deadline) {
  try {
    auto lease = co_await pool->acquire(deadline);
    co_return co_await attempt_on(lease.get(), std::move(posts), locked, deadline);
  } catch (const base::Unavailable&) {
    co_return Attempted{Outcome::lost, std::current_exception()};
  }
}

base::Task<Writer::Attempted> Writer::attempt_on(Connection* connection, Posts posts, Locked locked,
                                                 base::Deadline deadline) {
  Transaction transaction(connection, clock_, random_, deadline);
  Attempted attempted;
  bool cut_off = false;
  try {
    co_await store_posts(&transaction, posts, locked);
    ++counters_.batches;
    if (transaction.outbox_written()) {
      base::failpoint("api.after_commit");
      transactor_.poke();
    }
  } catch (const Failure& failure) {
    attempted = {failure.kind() == Failure::Kind::lost   ? Outcome::lost
                 : failure.kind() == Failure::Kind::busy ? Outcome::busy
                                                         : Outcome::failed,
                 std::current_exception()};
    cut_off = failure.kind() == Failure::Kind::lost;
  } catch (const base::DeadlineExceeded&) {
    attempted = {Outcome::failed, std::current_exception()};
    cut_off = true;
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    attempted = {Outcome::failed, std::current_exception()};
  }
  if (cut_off && transaction.commit_sent()) {
    // A key tells what became of its post when it is tried again; without one nobody can know.
    for (const auto& post : posts) {
      if (!post->request.key) post->fault = attempted.fault;
    }
  }
  settle(posts);
  co_await transaction.roll_back();
  co_return attempted;
}

/// Their chats are held by somebody else.
void Writer::pass_over(const Posts& posts) {
  const auto now = clock_.monotonic();
  Posts again;
  counters_.skipped += posts.size();
  for (const auto& post : posts) {
    if (++post->skips == 1) post->skipped_at = now;
    const auto chat = post->request.chat;
    const auto lane = lanes_.find(chat);
    if (lane != lanes_.end()) {
      lane->second.push_back(post);
    } else if (post->skips < options_.skips_max && now - post->skipped_at < options_.skipped_max) {
      again.push_back(post);
    } else {
      lanes_[chat].push_back(post);
      tasks_.spawn(run_lane(chat));
    }
  }
  put_back(again);
}

/// To the front, in their order.
void Writer::put_back(const Posts& posts) {
  queue_.insert(queue_.begin(), posts.begin(), posts.end());
}

base::Task<void> Writer::run_lane(domain::ChatId chat) {
  for (;;) {
    auto& waiting = lanes_.at(chat);
    if (waiting.empty()) break;
    co_await commit_waiting(take(&waiting));
  }
  lanes_.erase(chat);
}

base::Task<void> Writer::commit_waiting(Posts posts) {
  const auto deadline = in(options_.lane_timeout);
  auto open = std::move(posts);
  if (!open.empty()) ++counters_.alone;
  for (int attempts = 0; !open.empty(); ++attempts) {
    const auto attempted = co_await attempt(&lanes_pool_, open, Locked::wait, deadline);
    open = unsettled(open);
    if (attempted.outcome != Outcome::busy && attempts < 2) continue;
    fail(open, attempted.fault ? attempted.fault
                               : std::make_exception_ptr(base::Unavailable("no lock came")));
    open.clear();
  }
}

/// Wakes whoever waits for one of them that has come to an end.
void Writer::settle(const Posts& posts) {
  for (const auto& post : posts) {
    if (!post->settled() || open_.erase(post) == 0) continue;
    if (post->answer) ++counters_.posts;
    post->done.call();
  }
  if (stopping_ && open_.empty()) drained_.call();
}

void Writer::fail(const Posts& posts, const std::exception_ptr& fault) {
  for (const auto& post : posts) {
    if (!post->settled()) post->fault = fault;
  }
  settle(posts);
}

base::Deadline Writer::in(base::Milliseconds time) const {
  return base::Deadline::after(clock_.monotonic(), time);
}

}  // namespace rubricon::postgres
