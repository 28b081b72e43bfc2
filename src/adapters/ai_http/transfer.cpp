#include <rubricon/ai_http/transfer.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace rubricon::ai_http {
namespace asio = boost::asio;

namespace {

/// Lets the thread's news wake whoever waits with `timer`, while it waits.
class Waiting {
 public:
  Waiting(base::Timer*& place, base::Timer& timer) : place_(place) { place_ = &timer; }
  ~Waiting() { place_ = nullptr; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  base::Timer*& place_;
};

}  // namespace

base::Task<void> Transfer::more(std::shared_ptr<Transfer> self, base::Deadline until) {
  if (!self->news_ && !self->end_) {
    base::Timer timer(self->executor_);
    timer.expires_at(until.instant());
    const Waiting waiting(self->timer_, timer);
    boost::system::error_code woken;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (woken && !self->news_) {
      throw boost::system::system_error(asio::error::operation_aborted);
    }
  }
  self->news_ = false;
}

void Transfer::abandon() {
  abandoned_.store(true, std::memory_order_relaxed);
  if (!end_) wake_();
}

template <typename Change>
void Transfer::post(std::shared_ptr<Transfer> self, Change change) {
  const auto executor = self->executor_;
  asio::post(executor, [self = std::move(self), change = std::move(change)]() mutable {
    change(*self);
    self->news_ = true;
    if (self->timer_ != nullptr) self->timer_->cancel();
  });
}

void Transfer::tell_head(const std::shared_ptr<Transfer>& self, HttpHead head) {
  post(self, [head = std::move(head)](Transfer& transfer) { transfer.head_ = head; });
}

void Transfer::tell_bytes(const std::shared_ptr<Transfer>& self, std::string bytes) {
  post(self, [bytes = std::move(bytes)](Transfer& transfer) { transfer.bytes_ += bytes; });
}

void Transfer::tell_end(const std::shared_ptr<Transfer>& self, TransferEnd end, std::string why) {
  post(self, [end, why = std::move(why)](Transfer& transfer) {
    transfer.end_ = end;
    transfer.why_ = why;
  });
}

}  // namespace rubricon::ai_http
