#include <rubricon/ai_http/http_stream.hpp>

#include <rubricon/ai_http/curl_transfer.hpp>
#include <rubricon/base/assert.hpp>

#include <curl/curl.h>

#include <list>
#include <stdexcept>
#include <utility>

namespace rubricon::ai_http {
namespace {

constexpr int poll_ms_max = 1'000;  ///< nothing depends on it: who has news rings

void initialise_libcurl() {
  static const auto code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw std::runtime_error("libcurl cannot be used");
}

}  // namespace

/// Wakes the thread, as long as there is one. Outlives it in the transfers that it made.
class HttpStream::Bell {
 public:
  explicit Bell(CURLM* multi) : multi_(multi) {}
  void ring() {
    const std::lock_guard lock(mutex_);
    if (multi_ != nullptr) curl_multi_wakeup(multi_);
  }
  void remove() {
    const std::lock_guard lock(mutex_);
    multi_ = nullptr;
  }

 private:
  std::mutex mutex_;
  CURLM* multi_;
};

/// What runs, on the thread.
class HttpStream::Multi {
 public:
  Multi() : multi_(curl_multi_init()) {
    if (multi_ == nullptr) throw std::runtime_error("libcurl cannot be used");
  }
  ~Multi() {
    for (auto& each : running_) curl_multi_remove_handle(multi_, each.handle());
    running_.clear();
    curl_multi_cleanup(multi_);
  }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  CURLM* handle() const { return multi_; }
  void add(std::shared_ptr<Transfer> transfer) {
    auto& added = running_.emplace_back(std::move(transfer));
    curl_multi_add_handle(multi_, added.handle());
  }
  /// Moves bytes, and says how many transfers ended.
  std::size_t work() {
    int running = 0;
    curl_multi_perform(multi_, &running);
    const auto before = running_.size();
    int more = 0;
    while (const auto* message = curl_multi_info_read(multi_, &more)) {
      if (message->msg != CURLMSG_DONE) continue;
      const auto code = message->data.result;
      end(message->easy_handle, [code](CurlTransfer& transfer) { transfer.finished(code); });
    }
    for (auto it = running_.begin(); it != running_.end();) {
      const auto& each = *it++;
      if (each.transfer()->abandoned()) end(each.handle(), [](CurlTransfer&) {});
    }
    return before - running_.size();
  }
  void wait() { curl_multi_poll(multi_, nullptr, 0, poll_ms_max, nullptr); }
  void refuse_all() {
    for (const auto& each : running_) refuse(each.transfer());
  }

 private:
  template <typename Last>
  void end(CURL* easy, Last last) {
    for (auto it = running_.begin(); it != running_.end(); ++it) {
      if (it->handle() != easy) continue;
      curl_multi_remove_handle(multi_, easy);
      last(*it);
      running_.erase(it);
      return;
    }
  }

  CURLM* multi_;
  std::list<CurlTransfer> running_;
};

HttpStream::HttpStream(std::size_t transfers_max) : transfers_max_(transfers_max) {
  initialise_libcurl();
  multi_ = std::make_unique<Multi>();
  bell_ = std::make_shared<Bell>(multi_->handle());
  thread_ = std::thread([this] { loop(); });
}

HttpStream::~HttpStream() {
  closing_ = true;
  bell_->ring();
  thread_.join();
  bell_->remove();
}

std::shared_ptr<Transfer> HttpStream::post(HttpRequest request,
                                           const boost::asio::any_io_executor& executor) {
  if (size_.fetch_add(1, std::memory_order_relaxed) >= transfers_max_) {
    size_.fetch_sub(1, std::memory_order_relaxed);
    return nullptr;
  }
  auto transfer =
      std::make_shared<Transfer>(executor, std::move(request), [bell = bell_] { bell->ring(); });
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(transfer);
  }
  bell_->ring();
  return transfer;
}

void HttpStream::loop() {
  while (!closing_) {
    take_queue(*multi_);
    size_.fetch_sub(multi_->work(), std::memory_order_relaxed);
    if (!closing_) multi_->wait();
  }
  multi_->refuse_all();
  const std::lock_guard lock(mutex_);
  for (const auto& transfer : queue_) refuse(transfer);
}

void HttpStream::take_queue(Multi& multi) {
  std::vector<std::shared_ptr<Transfer>> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(queue_);
  }
  for (auto& transfer : taken) {
    try {
      if (!transfer->abandoned()) {
        multi.add(transfer);
        continue;
      }
    } catch (const std::exception& error) {
      Transfer::tell_end(transfer, TransferEnd::broken, error.what());
    }
    size_.fetch_sub(1, std::memory_order_relaxed);
  }
}

void HttpStream::refuse(const std::shared_ptr<Transfer>& transfer) {
  Transfer::tell_end(transfer, TransferEnd::broken, "the server is stopping");
}

}  // namespace rubricon::ai_http
