/// AMQP frames of one channel become what they mean. Pure: a message may come in as many pieces as
/// the broker likes, and nothing waits for the next one.
#pragma once

#include <rubricon/base/fault.hpp>

#include <amqp.h>
#include <amqp_framing.h>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace rubricon::rabbitmq {

struct Delivery {
  std::uint64_t tag = 0;
  std::string body;         ///< empty where it was too large
  std::uint64_t bytes = 0;  ///< of the whole body
};
/// A mandatory message that found no queue.
struct Returned {
  std::string correlation;
};
struct Confirmed {
  std::uint64_t tag = 0;
  bool multiple = false;
  bool ack = true;
};
struct Blocked {
  std::string reason;
};
struct Unblocked {};

using Received = std::variant<Delivery, Returned, Confirmed, Blocked, Unblocked>;

/// The broker closed the channel or the connection, or took the consumer's queue away.
class Refused : public base::Unavailable {
 public:
  /// `code` is AMQP's, such as AMQP_PRECONDITION_FAILED.
  Refused(int code, const std::string& why) : Unavailable(why), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

class Assembler {
 public:
  explicit Assembler(std::size_t bytes_max) : body_bytes_max_(bytes_max) {}

  /// What is complete with this frame. Copies what it keeps. Throws Refused, and base::Unavailable
  /// where frames come in an order that AMQP does not have.
  std::optional<Received> take(const amqp_frame_t& frame);

 private:
  std::optional<Received> take_method(const amqp_method_t& method);
  std::optional<Received> take_header(const amqp_basic_properties_t& properties,
                                      std::uint64_t body_bytes);
  std::optional<Received> take_body(amqp_bytes_t fragment);
  std::optional<Received> complete();

  std::size_t body_bytes_max_;
  std::optional<Received> message_;  ///< a Delivery or Returned whose body has not come yet
  bool has_header_ = false;
  std::uint64_t missing_ = 0;  ///< bytes of the body
};

/// Why a call of the broker failed, in a sentence.
std::string explain(const amqp_rpc_reply_t& reply);
/// Throws what `explain` says as Refused or base::Unavailable, unless the reply is normal.
void check(const amqp_rpc_reply_t& reply, const std::string& what);

std::string text_of(amqp_bytes_t bytes);

}  // namespace rubricon::rabbitmq
