/// One connection to Redis, from the first byte to the last: dialled, signed in, then bytes out and
/// replies in.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/redis/address.hpp>
#include <rubricon/redis/reply_reader.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace rubricon::redis {

class Command;

struct SessionOptions {
  Address address;
  std::string name = "rubricon";  ///< in CLIENT LIST; visible ASCII without spaces
  ReplyLimits limits;
};

/// One executor. What was written waits in memory until the kernel takes it; whoever writes looks
/// at `unsent()` first. Kept alive by its own writes until they end, soon after `close()`.
class Session : public std::enable_shared_from_this<Session> {
 public:
  /// Connects, signs in and selects the database. The host's name is looked up by a thread of
  /// Asio's; cancelling waits for that look-up. Throws base::Unavailable (the reason without the
  /// password), base::DeadlineExceeded.
  static base::Task<std::shared_ptr<Session>> dial(boost::asio::any_io_executor executor,
                                                   SessionOptions options, base::Deadline deadline);

  explicit Session(const boost::asio::any_io_executor& executor, ReplyLimits limits);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Sent with everything else that is written in this step of the executor.
  void write(const std::string& bytes);
  /// Bytes that the kernel has not taken yet.
  std::size_t unsent() const { return outgoing_.size() + leaving_.size(); }

  /// Completes when something has arrived; `next` may have nothing still. One at a time. Throws
  /// base::Unavailable at the end of the connection.
  base::Task<void> receive();
  std::optional<Reply> next() { return reader_.next(); }

  /// The peer gets nothing more; `receive` ends with a fault.
  void close() noexcept;

 private:
  base::Task<void> connect(Address address);
  base::Task<void> sign_in(SessionOptions options);
  base::Task<Reply> ask(Command command);
  void flush();

  boost::asio::generic::stream_protocol::socket socket_;
  boost::asio::ip::tcp::resolver resolver_;
  ReplyReader reader_;
  std::array<char, 64 * 1024> incoming_;
  std::string outgoing_;
  std::string leaving_;
  bool flushing_ = false;
  bool dialled_ = false;
  bool late_ = false;  ///< closed because the dialling took too long
  bool closed_ = false;
};

}  // namespace rubricon::redis
