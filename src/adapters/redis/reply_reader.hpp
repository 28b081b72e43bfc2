/// From bytes to replies: hiredis as the RESP2 codec, with bounds.
#pragma once

#include <rubricon/redis/reply.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

struct redisReader;

namespace rubricon::redis {

struct ReplyLimits {
  std::size_t bytes = 16 * 1024 * 1024;  ///< of one reply, as long as it is not complete
  std::size_t items = 100'000;           ///< of one list in a reply; lists nest 7 deep at most
};

/// After it has thrown it is to be destroyed: the stream has lost its frame.
class ReplyReader {
 public:
  explicit ReplyReader(ReplyLimits limits = {});
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  /// Throws base::Unavailable where a reply would be beyond the limits. Every complete reply is
  /// taken before more is fed.
  void feed(std::string_view bytes);
  /// The next complete reply, if there is one. Throws base::Unavailable for what is not RESP2.
  std::optional<Reply> next();

 private:
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };

  ReplyLimits limits_;
  std::unique_ptr<redisReader, Free> reader_;
};

}  // namespace rubricon::redis
