/// A thread that moves the bytes of HTTP requests (libcurl): answers stream to the coroutines that
/// asked. Nothing is followed, retried, unpacked or sent through a proxy.
#pragma once

#include <rubricon/ai_http/transfer.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace rubricon::ai_http {

/// From any thread. Its transfers may outlive it: they end broken.
class HttpStream {
 public:
  /// At most `transfers_max` wait or run at a time. Throws std::runtime_error where libcurl does
  /// not work.
  explicit HttpStream(std::size_t transfers_max = 64);
  /// Ends what runs. Do it while the executors of its transfers still exist.
  ~HttpStream();
  HttpStream(const HttpStream&) = delete;
  HttpStream& operator=(const HttpStream&) = delete;

  /// Begins a POST whose answer is told on `executor`, which runs on one thread. Null where too
  /// many are on their way. Abandon it (TransferLease) when it is not read any more.
  std::shared_ptr<Transfer> post(HttpRequest request, const boost::asio::any_io_executor& executor);

  /// Waiting or running, those included that were abandoned and not closed yet.
  std::size_t size() const { return size_.load(std::memory_order_relaxed); }

 private:
  class Multi;
  class Bell;

  void loop();
  void take_queue(Multi& multi);
  static void refuse(const std::shared_ptr<Transfer>& transfer);

  const std::size_t transfers_max_;
  std::shared_ptr<Bell> bell_;
  std::atomic<std::size_t> size_ = 0;
  std::atomic<bool> closing_ = false;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Transfer>> queue_;
  std::unique_ptr<Multi> multi_;
  std::thread thread_;
};

}  // namespace rubricon::ai_http
