/// One request on its way: what is asked, and the coroutine that reads the answer as it comes.
#pragma once

#include <rubricon/ai_http/address_rules.hpp>
#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/base/timer.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rubricon::ai_http {

struct HttpRequest {
  std::string url;
  Encryption encryption = Encryption::tls;
  LocalAddresses local = LocalAddresses::refused;
  std::vector<std::string> headers;  ///< "Name: value"
  std::string body;
  std::string ca_file;  ///< PEM; empty: the system's
  base::Milliseconds connect_timeout{3'000};
  base::Milliseconds total_timeout{120'000};
  std::size_t response_bytes_max = 8 * 1024 * 1024;
};

/// Of the status line and the few headers that matter.
struct HttpHead {
  int status = 0;
  std::string content_type;  ///< lower case, without parameters
  std::string retry_after;
};

enum class TransferEnd {
  whole,      ///< the server finished its answer
  broken,     ///< not reached, cut off, or too slow
  forbidden,  ///< the name leads to an address that is not allowed
  too_large,  ///< over response_bytes_max
};

/// Between one coroutine on an executor and the thread that moves the bytes. Of the methods, those
/// of the thread say so; all others are the coroutine's, on its executor.
class Transfer {
 public:
  Transfer(boost::asio::any_io_executor executor, HttpRequest request, std::function<void()> wake)
      : executor_(std::move(executor)), request_(std::move(request)), wake_(std::move(wake)) {}
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Until more is there than was seen before, or `until`. Throws operation_aborted where it is
  /// cancelled. One coroutine at a time.
  static base::Task<void> more(std::shared_ptr<Transfer> self, base::Deadline until);

  const std::optional<HttpHead>& head() const { return head_; }
  /// Bytes of the body that were not taken yet.
  std::string take_bytes() { return std::exchange(bytes_, {}); }
  /// Set once nothing more comes.
  const std::optional<TransferEnd>& end() const { return end_; }
  /// Why it did not end whole; never has the key in it.
  const std::string& why() const { return why_; }
  /// Nobody reads any more: the thread closes the connection soon.
  void abandon();

  /// Of the thread, like the following.
  const HttpRequest& request() const { return request_; }
  bool abandoned() const { return abandoned_.load(std::memory_order_relaxed); }
  static void tell_head(const std::shared_ptr<Transfer>& self, HttpHead head);
  static void tell_bytes(const std::shared_ptr<Transfer>& self, std::string bytes);
  static void tell_end(const std::shared_ptr<Transfer>& self, TransferEnd end, std::string why);

 private:
  template <typename Change>
  static void post(std::shared_ptr<Transfer> self, Change change);

  const boost::asio::any_io_executor executor_;
  const HttpRequest request_;
  const std::function<void()> wake_;
  std::atomic<bool> abandoned_ = false;
  // Touched only on the executor.
  std::optional<HttpHead> head_;
  std::string bytes_;
  std::optional<TransferEnd> end_;
  std::string why_;
  bool news_ = false;
  base::Timer* timer_ = nullptr;  ///< of who waits
};

/// Abandons a transfer when the coroutine that reads it ends, however it does.
class TransferLease {
 public:
  explicit TransferLease(std::shared_ptr<Transfer> transfer) : transfer_(std::move(transfer)) {}
  ~TransferLease() { transfer_->abandon(); }
  TransferLease(const TransferLease&) = delete;
  TransferLease& operator=(const TransferLease&) = delete;

 private:
  std::shared_ptr<Transfer> transfer_;
};

}  // namespace rubricon::ai_http
