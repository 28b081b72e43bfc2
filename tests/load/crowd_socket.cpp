#include "crowd_socket.hpp"

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <utility>

namespace crowd {
namespace {

constexpr std::int64_t reconnect_first_ms = 1'000;  // the official client's, with half of it random
constexpr std::int64_t reconnect_last_ms = 5'000;
constexpr std::int64_t join_again_ms = 500;
constexpr std::int64_t slow_tick_ms = 100;
constexpr int slow_receive_buffer = 4'096;

/// The number after `key` where it is a key of the JSON text, not part of a string in it.
std::int64_t number_after(std::string_view text, std::string_view key) {
  for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at > 0 && text[at - 1] == '\\') continue;
    std::int64_t value = -1;
    const auto from = at + key.size();
    std::from_chars(text.data() + from, text.data() + text.size(), value);
    return value;
  }
  return -1;
}

/// The text between the quotes after `"code":`.
std::string code_in(std::string_view text) {
  constexpr std::string_view key = "\"code\":\"";
  const auto at = text.find(key);
  if (at == std::string_view::npos) return "unknown";
  const auto from = at + key.size();
  return std::string(text.substr(from, text.find('"', from) - from));
}

/// Events of a chat's stream have a number; these have none, or one of another stream.
bool sequenced(std::string_view name) {
  constexpr std::array<std::string_view, 8> others = {
      "ai-delta",     "typing",     "presence",       "heads",
      "chat-updated", "user-event", "server-closing", "server-draining"};
  return std::ranges::find(others, name) == others.end();
}

}  // namespace

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

void CrowdSocket::tick(std::int64_t now) {
  if (state_ == State::open && options_.bytes_per_second > 0 && now >= read_at_) {
    read_at_ = now + slow_tick_ms;
    read_some(static_cast<std::size_t>(options_.bytes_per_second * slow_tick_ms / 1'000));
  }
  if (wake_at_ < 0 || now < wake_at_) return;
  wake_at_ = -1;
  if (state_ == State::idle)
    begin();
  else if (state_ == State::open)
    join();
}

void CrowdSocket::begin() {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) return retry_after(reconnect_first_ms);
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (options_.bytes_per_second > 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &slow_receive_buffer, sizeof slow_receive_buffer);
  }
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = options_.from;
  (void)::bind(fd_, reinterpret_cast<const sockaddr*>(&from), sizeof from);
  const auto* server = reinterpret_cast<const sockaddr*>(&place_.server);
  if (::connect(fd_, server, sizeof place_.server) != 0 && errno != EINPROGRESS) return lost();
  state_ = State::connecting;
  epoll_event event{.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP, .data = {.ptr = this}};
  ::epoll_ctl(place_.epoll, EPOLL_CTL_ADD, fd_, &event);
}

void CrowdSocket::ready(std::uint32_t events) {
  if (fd_ < 0) return;
  if (state_ == State::connecting && (events & (EPOLLERR | EPOLLHUP)) == 0) {
    state_ = State::upgrading;
    out_ =
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }
  if (events & (EPOLLERR | EPOLLHUP)) return lost();
  flush();
  if (fd_ < 0 || (events & (EPOLLIN | EPOLLRDHUP)) == 0) return;
  if (state_ == State::open && options_.bytes_per_second > 0) return;  // tick() reads
  read_some(64 << 10);
}

void CrowdSocket::read_some(std::size_t most) {
  const auto before = in_.size();
  in_.resize(before + most);
  const auto got = ::recv(fd_, in_.data() + before, most, 0);
  in_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got == 0 || (got < 0 && errno != EAGAIN)) return lost();
  if (got < 0) return;
  place_.tally.bytes += static_cast<std::uint64_t>(got);
  if (state_ == State::upgrading) take_upgrade();
  if (state_ == State::open) take_frames();
}

void CrowdSocket::take_upgrade() {
  const auto end = in_.find("\r\n\r\n");
  if (end == std::string::npos) return;
  const auto status = in_.substr(std::min<std::size_t>(in_.find(' ') + 1, in_.size()), 3);
  if (status != "101") {
    ++place_.tally.refusals[status];
    constexpr std::string_view key = "\r\nRetry-After: ";
    const auto at = std::min(in_.find(key), in_.find("\r\nretry-after: "));
    if (at == std::string::npos && status == "503")
      ++place_.tally.refusals["503 without Retry-After"];
    const std::int64_t wait =
        at == std::string::npos ? 0 : std::atoll(in_.c_str() + at + key.size());
    drop();
    return retry_after(std::max(wait * 1'000, reconnect_first_ms));
  }
  in_.erase(0, end + 4);
  state_ = State::open;
}

void CrowdSocket::take_frames() {
  std::size_t at = 0;
  while (fd_ >= 0 && in_.size() - at >= 2) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(in_[at + i]); };
    std::size_t header = 2;
    std::uint64_t size = byte(1) & 0x7f;
    if (size >= 126) {
      const std::size_t more = size == 126 ? 2 : 8;
      header += more;
      if (in_.size() - at < header) break;
      size = 0;
      for (std::size_t i = 2; i < header; ++i) size = size << 8 | byte(i);
    }
    if (in_.size() - at < header + size) break;
    const int opcode = byte(0) & 0x0f;
    const std::string text = in_.substr(at + header, size);
    at += header + size;
    if (opcode == 1) heard(text);
    if (opcode == 8) return lost();
  }
  if (fd_ >= 0) in_.erase(0, at);
}

void CrowdSocket::heard(std::string_view text) {
  if (text.starts_with("0")) return send_text("40{\"token\":\"" + options_.token + "\"}");
  if (text == "2") return send_text("3");
  if (text.starts_with("40")) return join();
  if (text.starts_with("42")) return heard_event(text);
  if (text.starts_with("430")) return heard_ack(text);
  if (text.starts_with("44")) {
    ++place_.tally.refusals[code_in(text)];
    lost();
  }
}

void CrowdSocket::join() {
  send_text("420[\"join-chat\",{\"chatId\":\"" + options_.chat->id +
            "\",\"epoch\":1,\"after\":" + std::to_string(seq_) + "}]");
}

void CrowdSocket::heard_ack(std::string_view text) {
  const auto head = number_after(text, "\"head\":");
  if (head < 0) {
    ++place_.tally.refusals["join " + code_in(text)];
    wake_at_ = now_ms() + join_again_ms;
    return;
  }
  if (text.contains("\"resync\":true")) {
    place_.tally.anew.push_back(
        {options_.chat->id, seq_, head});  // read by the test, which has REST
    seq_ = head;
  }
  attempts_ = 0;
  live_ = true;
  note_level();
}

void CrowdSocket::heard_event(std::string_view text) {
  const auto from = text.find('"') + 1;
  const auto name = text.substr(from, text.find('"', from) - from);
  if (name == "server-closing") ++place_.tally.closings[code_in(text)];
  if (!sequenced(name)) return;
  const auto seq = number_after(text, "\"seq\":");
  ++place_.tally.events;
  if (seq != seq_ + 1) ++place_.tally.violations;
  seq_ = std::max(seq_, seq);
  note_level();
}

void CrowdSocket::note_level() {
  if (level_at_ == 0 && level()) level_at_ = now_ms();
}

void CrowdSocket::hurry() {
  options_.bytes_per_second = 0;
  if (state_ != State::open) return;
  epoll_event event{.events = EPOLLIN, .data = {.ptr = this}};
  ::epoll_ctl(place_.epoll, EPOLL_CTL_MOD, fd_, &event);
}

void CrowdSocket::send_text(std::string_view text) {
  // Masked, as clients must, with a mask of zeros.
  out_ += '\x81';
  if (text.size() < 126) {
    out_ += static_cast<char>(0x80 | text.size());
  } else {
    out_ += static_cast<char>(0x80 | 126);
    out_ += static_cast<char>(text.size() >> 8);
    out_ += static_cast<char>(text.size() & 0xff);
  }
  out_.append(4, '\0').append(text);
  flush();
}

void CrowdSocket::flush() {
  if (fd_ < 0) return;
  const bool waited = state_ == State::upgrading || !out_.empty();
  while (!out_.empty()) {
    const auto sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return;
    if (sent < 0) return lost();
    out_.erase(0, static_cast<std::size_t>(sent));
  }
  if (!waited) return;
  const bool slow = options_.bytes_per_second > 0 && state_ == State::open;
  epoll_event event{.events = slow ? EPOLLET | EPOLLIN : std::uint32_t{EPOLLIN},
                    .data = {.ptr = this}};
  ::epoll_ctl(place_.epoll, EPOLL_CTL_MOD, fd_, &event);
}

void CrowdSocket::lost() {
  drop();
  attempts_ = std::min(attempts_ + 1, 8);
  const auto base = std::min(reconnect_first_ms << (attempts_ - 1), reconnect_last_ms);
  retry_after(base / 2);
}

/// At a random moment between once and three times `wait_ms`, so that a crowd does not move as one.
void CrowdSocket::retry_after(std::int64_t wait_ms) {
  std::uniform_int_distribution<std::int64_t> jitter(0, 2 * wait_ms);
  wake_at_ = now_ms() + wait_ms + jitter(place_.random);
}

void CrowdSocket::drop() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  state_ = State::idle;
  live_ = false;
  level_at_ = 0;
  in_.clear();
  out_.clear();
}

}  // namespace crowd
