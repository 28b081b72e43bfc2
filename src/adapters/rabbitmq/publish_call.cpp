#include <rubricon/rabbitmq/publish_call.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace rubricon::rabbitmq {
namespace asio = boost::asio;

class PublishCall::Waiting {
 public:
  Waiting(PublishCall& call, base::Timer& timer) : call_(call) { call_.timer_ = &timer; }
  ~Waiting() {
    call_.timer_ = nullptr;
    call_.abandoned_.store(true, std::memory_order_relaxed);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  PublishCall& call_;
};

void PublishCall::finish(std::shared_ptr<PublishCall> self, Outcome outcome, std::string why) {
  const auto executor = self->executor_;
  asio::post(executor, [self = std::move(self), outcome, why = std::move(why)]() mutable {
    self->finished_ = true;
    self->outcome_ = outcome;
    self->why_ = std::move(why);
    if (self->timer_) self->timer_->cancel();
  });
}

base::Task<void> PublishCall::wait(std::shared_ptr<PublishCall> self) {
  base::Timer timer(self->executor_);
  timer.expires_at(self->deadline_.instant());
  const Waiting waiting(*self, timer);
  boost::system::error_code woken;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!self->finished_ && woken) {
    throw boost::system::system_error(asio::error::operation_aborted);
  }
}

}  // namespace rubricon::rabbitmq
