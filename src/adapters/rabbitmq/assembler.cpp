#include <rubricon/rabbitmq/assembler.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace rubricon::rabbitmq {
namespace {

template <typename Method>
const Method& as(const amqp_method_t& method) {
  return *static_cast<const Method*>(method.decoded);
}

Refused closed(const char* what, std::uint16_t code, amqp_bytes_t text) {
  return {code, fmt::format("the broker closed the {}: {} {}", what, code, text_of(text))};
}

}  // namespace

std::string text_of(amqp_bytes_t bytes) {
  return {static_cast<const char*>(bytes.bytes), bytes.len};
}

std::optional<Received> Assembler::take(const amqp_frame_t& frame) {
  switch (frame.frame_type) {
    case AMQP_FRAME_METHOD: return take_method(frame.payload.method);
    case AMQP_FRAME_HEADER:
      return take_header(
          *static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded),
          frame.payload.properties.body_size);
    case AMQP_FRAME_BODY: return take_body(frame.payload.body_fragment);
    default: return std::nullopt;
  }
}

std::optional<Received> Assembler::take_method(const amqp_method_t& method) {
  switch (method.id) {
    case AMQP_BASIC_DELIVER_METHOD:
      message_ = Delivery{.tag = as<amqp_basic_deliver_t>(method).delivery_tag};
      has_header_ = false;
      return std::nullopt;
    case AMQP_BASIC_RETURN_METHOD:
      message_ = Returned{};
      has_header_ = false;
      return std::nullopt;
    case AMQP_BASIC_ACK_METHOD: {
      const auto& ack = as<amqp_basic_ack_t>(method);
      return Confirmed{.tag = ack.delivery_tag, .multiple = ack.multiple != 0, .ack = true};
    }
    case AMQP_BASIC_NACK_METHOD: {
      const auto& nack = as<amqp_basic_nack_t>(method);
      return Confirmed{.tag = nack.delivery_tag, .multiple = nack.multiple != 0, .ack = false};
    }
    case AMQP_CONNECTION_BLOCKED_METHOD:
      return Blocked{text_of(as<amqp_connection_blocked_t>(method).reason)};
    case AMQP_CONNECTION_UNBLOCKED_METHOD: return Unblocked{};
    case AMQP_BASIC_CANCEL_METHOD:
      throw Refused(AMQP_NOT_FOUND, "the broker took away a queue that was listened to");
    case AMQP_CHANNEL_CLOSE_METHOD: {
      const auto& close = as<amqp_channel_close_t>(method);
      throw closed("channel", close.reply_code, close.reply_text);
    }
    case AMQP_CONNECTION_CLOSE_METHOD: {
      const auto& close = as<amqp_connection_close_t>(method);
      throw closed("connection", close.reply_code, close.reply_text);
    }
    default: return std::nullopt;
  }
}

std::optional<Received> Assembler::take_header(const amqp_basic_properties_t& properties,
                                               std::uint64_t body_bytes) {
  if (!message_ || has_header_) throw base::Unavailable("the broker sent a header too many");
  has_header_ = true;
  missing_ = body_bytes;
  if (auto* delivery = std::get_if<Delivery>(&*message_)) {
    delivery->bytes = body_bytes;
    if (body_bytes <= body_bytes_max_) delivery->body.reserve(body_bytes);
  } else if ((properties._flags & AMQP_BASIC_CORRELATION_ID_FLAG) != 0) {
    std::get<Returned>(*message_).correlation = text_of(properties.correlation_id);
  }
  return complete();
}

std::optional<Received> Assembler::take_body(amqp_bytes_t fragment) {
  if (!message_ || !has_header_ || fragment.len > missing_) {
    throw base::Unavailable("the broker sent more of a body than it announced");
  }
  missing_ -= fragment.len;
  auto* delivery = std::get_if<Delivery>(&*message_);
  if (delivery && delivery->bytes <= body_bytes_max_) delivery->body += text_of(fragment);
  return complete();
}

std::optional<Received> Assembler::complete() {
  if (missing_ > 0) return std::nullopt;
  return std::exchange(message_, std::nullopt);
}

std::string explain(const amqp_rpc_reply_t& reply) {
  if (reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION) {
    return amqp_error_string2(reply.library_error);
  }
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
    if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
      const auto& close = as<amqp_channel_close_t>(reply.reply);
      return fmt::format("{} {}", close.reply_code, text_of(close.reply_text));
    }
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
      const auto& close = as<amqp_connection_close_t>(reply.reply);
      return fmt::format("{} {}", close.reply_code, text_of(close.reply_text));
    }
  }
  return "an answer that AMQP does not have";
}

void check(const amqp_rpc_reply_t& reply, const std::string& what) {
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
  const auto why = fmt::format("{}: {}", what, explain(reply));
  if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION) {
    if (reply.reply.id == AMQP_CHANNEL_CLOSE_METHOD) {
      throw Refused(as<amqp_channel_close_t>(reply.reply).reply_code, why);
    }
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
      throw Refused(as<amqp_connection_close_t>(reply.reply).reply_code, why);
    }
  }
  throw base::Unavailable(why);
}

}  // namespace rubricon::rabbitmq
