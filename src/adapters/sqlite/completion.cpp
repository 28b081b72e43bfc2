#include <rubricon/sqlite/completion.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace rubricon::sqlite {
namespace asio = boost::asio;

Completion::Completion(asio::any_io_executor executor)
    : executor_(asio::prefer(std::move(executor), asio::execution::outstanding_work.tracked)) {}

base::Task<void> Completion::wait(std::shared_ptr<Completion> self) {
  if (self->fired_) co_return;
  Completion* const raw = self.get();  // this frame keeps it alive while the handler exists
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(
      [raw](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) slot.assign([raw](asio::cancellation_type) { raw->cancel(); });
        raw->resume_ = [handler = std::move(handler),
                        slot](boost::system::error_code error) mutable {
          slot.clear();
          std::move(handler)(error);
        };
      },
      asio::use_awaitable);
}

void Completion::notify(std::vector<std::shared_ptr<Completion>> done) {
  while (!done.empty()) {
    const asio::any_io_executor executor = done.front()->executor_;
    std::vector<std::shared_ptr<Completion>> here;
    std::vector<std::shared_ptr<Completion>> elsewhere;
    for (auto& one : done) {
      (one->executor_ == executor ? here : elsewhere).push_back(std::move(one));
    }
    asio::post(executor, [here = std::move(here)] {
      for (const auto& one : here) one->fire();
    });
    done = std::move(elsewhere);
  }
}

void Completion::fire() {
  fired_ = true;
  if (auto resume = std::exchange(resume_, nullptr)) resume({});
}

void Completion::cancel() {
  abandoned_.store(true, std::memory_order_relaxed);
  auto resume = std::exchange(resume_, nullptr);
  if (!resume) return;
  asio::post(executor_,
             [resume = std::move(resume)]() mutable { resume(asio::error::operation_aborted); });
}

}  // namespace rubricon::sqlite
