#include <rubricon/rabbitmq/connection.hpp>

#include <rubricon/rabbitmq/event_wire.hpp>

#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <fmt/format.h>

#include <poll.h>
#include <array>
#include <cerrno>
#include <new>

namespace rubricon::rabbitmq {
namespace {

constexpr int channels_max = 2'047;
constexpr int frame_bytes_max = 131'072;

timeval to_timeval(base::Milliseconds duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_usec = (duration - seconds).count() * 1'000};
}

/// Points to where `text` points.
amqp_bytes_t bytes_of(std::string_view text) {
  return {.len = text.size(), .bytes = const_cast<char*>(text.data())};
}

amqp_table_entry_t text_entry(const char* key, std::string_view text) {
  amqp_table_entry_t entry{};
  entry.key = amqp_cstring_bytes(key);
  entry.value.kind = AMQP_FIELD_KIND_UTF8;
  entry.value.value.bytes = bytes_of(text);
  return entry;
}

amqp_table_entry_t yes_entry(const char* key) {
  amqp_table_entry_t entry{};
  entry.key = amqp_cstring_bytes(key);
  entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
  entry.value.value.boolean = 1;
  return entry;
}

/// What people need to know when they are not let in.
std::string refusal(const Endpoint& endpoint, int code) {
  if (code == AMQP_ACCESS_REFUSED) {
    return fmt::format("the broker does not accept the user or the password of {}",
                       endpoint.to_string());
  }
  if (code == AMQP_NOT_ALLOWED) {
    return fmt::format("the broker does not let {} into the vhost, or has no such vhost",
                       endpoint.to_string());
  }
  return fmt::format("the broker refused the login of {}", endpoint.to_string());
}

}  // namespace

Connection::Connection(const Endpoint& endpoint, const Options& options, std::string_view role,
                       Lifeline& lifeline)
    : state_(amqp_new_connection()), lifeline_(lifeline), heartbeat_(options.heartbeat) {
  if (!state_) throw std::bad_alloc();
  try {
    connect(endpoint, options);
    lifeline_.hold(amqp_get_sockfd(state_));
    log_in(endpoint, options, fmt::format("{} {}", options.connection_name, role));
    assemblers_.emplace(Channel{0}, Assembler(0));
  } catch (...) {
    lifeline_.release();
    amqp_destroy_connection(state_);
    throw;
  }
}

Connection::~Connection() {
  lifeline_.release();
  amqp_destroy_connection(state_);
}

void Connection::connect(const Endpoint& endpoint, const Options& options) {
  amqp_socket_t* socket = nullptr;
  if (endpoint.transport == Transport::tls) {
    socket = amqp_ssl_socket_new(state_);
    if (!socket) throw std::bad_alloc();
    if (amqp_ssl_socket_set_cacert(socket, options.tls_ca_file.c_str()) != AMQP_STATUS_OK) {
      throw base::Unavailable("the certificates in " + options.tls_ca_file + " cannot be read");
    }
    amqp_ssl_socket_set_verify_peer(socket, 1);
    amqp_ssl_socket_set_verify_hostname(socket, 1);
    amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
  } else {
    socket = amqp_tcp_socket_new(state_);
    if (!socket) throw std::bad_alloc();
  }
  const timeval timeout = to_timeval(options.connect_timeout);
  const int status =
      amqp_socket_open_noblock(socket, endpoint.host.c_str(), endpoint.port, &timeout);
  if (status != AMQP_STATUS_OK) {
    throw base::Unavailable(fmt::format("the broker {} cannot be reached: {}", endpoint.to_string(),
                                        amqp_error_string2(status)));
  }
}

void Connection::log_in(const Endpoint& endpoint, const Options& options, const std::string& name) {
  const timeval login_timeout = to_timeval(options.connect_timeout);
  amqp_set_handshake_timeout(state_, &login_timeout);
  const timeval call_timeout = to_timeval(options.call_timeout);
  amqp_set_rpc_timeout(state_, &call_timeout);
  std::array capabilities = {yes_entry("publisher_confirms"), yes_entry("basic.nack"),
                             yes_entry("connection.blocked"), yes_entry("consumer_cancel_notify")};
  amqp_table_entry_t nested{};
  nested.key = amqp_cstring_bytes("capabilities");
  nested.value.kind = AMQP_FIELD_KIND_TABLE;
  nested.value.value.table = {.num_entries = capabilities.size(), .entries = capabilities.data()};
  std::array entries = {text_entry("connection_name", name), nested};
  const amqp_table_t properties{.num_entries = entries.size(), .entries = entries.data()};
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.heartbeat).count();
  const auto reply = amqp_login_with_properties(
      state_, endpoint.vhost.c_str(), channels_max, frame_bytes_max, static_cast<int>(seconds),
      &properties, AMQP_SASL_METHOD_PLAIN, endpoint.user.c_str(), endpoint.password.c_str());
  if (reply.reply_type == AMQP_RESPONSE_NORMAL) {
    heartbeat_ = std::chrono::seconds(amqp_get_heartbeat(state_));
    return;
  }
  try {
    check(reply, {});
  } catch (const Refused& refused) {
    throw Refused(refused.code(), refusal(endpoint, refused.code()) + refused.what());
  }
}

void Connection::close() noexcept {
  amqp_connection_close(state_, AMQP_REPLY_SUCCESS);
}

Channel Connection::open_channel() {
  const auto channel = static_cast<Channel>(channel_last_ % amqp_get_channel_max(state_) + 1);
  channel_last_ = channel;
  amqp_channel_open(state_, channel);
  check(amqp_get_rpc_reply(state_), "a channel cannot be opened");
  assemblers_.insert_or_assign(channel, Assembler(body_bytes_max));
  return channel;
}

void Connection::close_channel(Channel channel) {
  check(amqp_channel_close(state_, channel, AMQP_REPLY_SUCCESS), "a channel cannot be closed");
  assemblers_.erase(channel);
}

void Connection::confirm(Channel channel) {
  amqp_confirm_select(state_, channel);
  check(amqp_get_rpc_reply(state_), "the broker confirms no messages");
}

void Connection::publish(Channel channel, const Outgoing& message) {
  amqp_basic_properties_t properties{};
  properties._flags =
      AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_TYPE_FLAG;
  properties.content_type = amqp_cstring_bytes("application/json");
  properties.delivery_mode = message.storage == Storage::persistent ? 2 : 1;
  properties.type = bytes_of(message.type);
  if (!message.correlation.empty()) {
    properties._flags |= AMQP_BASIC_CORRELATION_ID_FLAG;
    properties.correlation_id = bytes_of(message.correlation);
  }
  const int mandatory = message.routing == Routing::mandatory ? 1 : 0;
  const int status =
      amqp_basic_publish(state_, channel, bytes_of(message.exchange), bytes_of(message.routing_key),
                         mandatory, 0, &properties, bytes_of(message.body));
  check_status(status, "a message cannot be sent");
}

void Connection::ack(Channel channel, std::uint64_t tag, Reach reach) {
  check_status(amqp_basic_ack(state_, channel, tag, reach == Reach::all_up_to ? 1 : 0),
               "an ack cannot be sent");
}

void Connection::requeue(Channel channel, std::uint64_t tag) {
  check_status(amqp_basic_nack(state_, channel, tag, 0, 1), "a nack cannot be sent");
}

void Connection::reject(Channel channel, std::uint64_t tag) {
  check_status(amqp_basic_reject(state_, channel, tag, 0), "a rejection cannot be sent");
}

std::optional<Incoming> Connection::next() {
  for (;;) {
    amqp_frame_t frame{};
    const timeval now{};
    const int status = amqp_simple_wait_frame_noblock(state_, &frame, &now);
    if (status == AMQP_STATUS_TIMEOUT) return std::nullopt;
    check_status(status, "the connection is lost");
    const auto assembler = assemblers_.find(frame.channel);
    if (assembler == assemblers_.end()) continue;  // of a channel that was closed
    auto received = assembler->second.take(frame);
    amqp_maybe_release_buffers(state_);
    if (received) return Incoming{frame.channel, std::move(*received)};
  }
}

void Connection::wait(const Wake& wake) {
  if (amqp_frames_enqueued(state_) != 0 || amqp_data_in_buffer(state_) != 0) return;
  std::array descriptors = {pollfd{.fd = wake.fd(), .events = POLLIN, .revents = 0},
                            pollfd{.fd = amqp_get_sockfd(state_), .events = POLLIN, .revents = 0}};
  // Heartbeats are sent after half their time, and missed after twice.
  const auto patience =
      heartbeat_ > base::Milliseconds(0) ? heartbeat_ / 4 : base::Milliseconds(-1);
  if (::poll(descriptors.data(), descriptors.size(), static_cast<int>(patience.count())) < 0 &&
      errno != EINTR) {
    throw base::Unavailable("poll failed");
  }
}

void Connection::check_status(int status, const char* what) {
  if (status >= 0) return;
  throw base::Unavailable(fmt::format("{}: {}", what, amqp_error_string2(status)));
}

}  // namespace rubricon::rabbitmq
