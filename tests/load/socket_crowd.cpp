/// Thousands of Socket.IO clients in one process, told what to do on standard input:
///
///   add <count> <token> <chat> <after> [<bytes per second>]   sockets that will follow a chat
///   go <ms>                    connects all that are new, spread over this time
///   target <chat> <seq>        its followers are level when they have this
///   hurry                      the slow ones read as fast as it comes from now on
///   mark                       forgets what was level and measures from now on
///   status                     answers one line of JSON
///
/// usage: socket_crowd <port> <addresses>    connects to 127.0.0.1 from 127.0.1.1, 127.0.1.2, …
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "crowd_socket.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <vector>

namespace crowd {
namespace {

constexpr int tick_ms = 10;
constexpr std::uint32_t first_address = 0x7f000101;  // 127.0.1.1

class Crowd {
 public:
  Crowd(std::uint16_t port, std::uint32_t addresses) : addresses_(addresses) {
    place_.server.sin_family = AF_INET;
    place_.server.sin_port = htons(port);
    place_.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    place_.epoll = ::epoll_create1(EPOLL_CLOEXEC);
    place_.mark = now_ms();
    ::fcntl(STDIN_FILENO, F_SETFL, ::fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
    epoll_event event{.events = EPOLLIN, .data = {.ptr = nullptr}};
    ::epoll_ctl(place_.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event);
  }

  /// Until standard input ends.
  void run() {
    std::array<epoll_event, 512> events{};
    auto ticked = now_ms();
    while (!ended_) {
      const int count = ::epoll_wait(place_.epoll, events.data(), events.size(), tick_ms);
      for (int i = 0; i < count; ++i) {
        const auto& event = events.at(static_cast<std::size_t>(i));
        if (event.data.ptr == nullptr) {
          read_commands();
        } else {
          static_cast<CrowdSocket*>(event.data.ptr)->ready(event.events);
        }
      }
      const auto now = now_ms();
      if (now - ticked < tick_ms) continue;
      ticked = now;
      for (const auto& socket : sockets_) socket->tick(now);
    }
  }

 private:
  void read_commands() {
    std::array<char, 65'536> bytes{};
    const auto got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    ended_ = got == 0;
    if (got > 0) input_.append(bytes.data(), static_cast<std::size_t>(got));
    for (auto end = input_.find('\n'); end != std::string::npos; end = input_.find('\n')) {
      std::istringstream words(input_.substr(0, end));
      input_.erase(0, end + 1);
      obey(words);
    }
  }

  void obey(std::istringstream& words) {
    std::string command, chat;
    words >> command;
    if (command == "add") return add(words);
    if (command == "go") return go(words);
    if (command == "status") return status();
    if (command == "mark") {
      place_.mark = now_ms();
      for (const auto& socket : sockets_) socket->forget_level();
    }
    if (command == "hurry") {
      for (const auto& socket : sockets_) socket->hurry();
    }
    if (command == "target" && words >> chat) words >> chats_[chat].target;
    for (const auto& socket : sockets_) {
      if (!socket->level()) socket->forget_level();  // it was, before the target moved on
      socket->note_level();
    }
  }

  void add(std::istringstream& words) {
    std::size_t count = 0;
    std::string chat;
    CrowdSocket::Options options;
    words >> count >> options.token >> chat >> options.after >> options.bytes_per_second;
    options.chat = &chats_[chat];
    options.chat->id = chat;
    for (std::size_t i = 0; i < count; ++i) {
      const auto number = static_cast<std::uint32_t>(sockets_.size()) % addresses_;
      options.from = htonl(first_address + number);
      sockets_.push_back(std::make_unique<CrowdSocket>(place_, options));
    }
  }

  void go(std::istringstream& words) {
    std::int64_t spread = 0;
    words >> spread;
    std::uniform_int_distribution<std::int64_t> when(0, spread);
    const auto now = now_ms();
    for (; started_ < sockets_.size(); ++started_) {
      sockets_[started_]->connect_at(now + when(place_.random));
    }
  }

  void status() {
    std::vector<std::int64_t> times;
    std::size_t live = 0;
    for (const auto& socket : sockets_) {
      live += socket->live() ? 1 : 0;
      if (socket->level()) times.push_back(socket->level_after());
    }
    std::ranges::sort(times);
    const auto part = [&](std::size_t percent) {
      return times.empty() ? 0 : times[std::min(times.size() - 1, times.size() * percent / 100)];
    };
    const auto& tally = place_.tally;
    std::printf(
        "{\"sockets\":%zu,\"live\":%zu,\"level\":%zu,\"p50\":%lld,\"p99\":%lld,\"max\":%lld,"
        "\"violations\":%llu,\"events\":%llu,\"bytes\":%llu,\"anew\":%s,\"refusals\":%s,"
        "\"closings\":%s}\n",
        sockets_.size(), live, times.size(), static_cast<long long>(part(50)),
        static_cast<long long>(part(99)), static_cast<long long>(part(100)),
        static_cast<unsigned long long>(tally.violations),
        static_cast<unsigned long long>(tally.events), static_cast<unsigned long long>(tally.bytes),
        json(tally.anew).c_str(), json(tally.refusals).c_str(), json(tally.closings).c_str());
    std::fflush(stdout);
  }

  static std::string json(const std::vector<Anew>& all) {
    std::string text = "[";
    for (const auto& [chat, after, head] : all) {
      text += text.size() > 1 ? "," : "";
      text += R"({"chatId":")" + chat + R"(","after":)" + std::to_string(after) + R"(,"head":)" +
              std::to_string(head) + "}";
    }
    return text + "]";
  }

  static std::string json(const std::map<std::string, std::uint64_t>& counts) {
    std::string text = "{";
    for (const auto& [name, count] : counts) {
      text += (text.size() > 1 ? ",\"" : "\"") + name + "\":" + std::to_string(count);
    }
    return text + "}";
  }

  Place place_;
  std::uint32_t addresses_;
  std::map<std::string, Chat> chats_;
  std::vector<std::unique_ptr<CrowdSocket>> sockets_;
  std::size_t started_ = 0;
  std::string input_;
  bool ended_ = false;
};

}  // namespace
}  // namespace crowd

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: socket_crowd <port> <addresses>\n", stderr);
    return 2;
  }
  const auto port = static_cast<std::uint16_t>(std::strtoul(argv[1], nullptr, 10));
  const auto addresses = static_cast<std::uint32_t>(std::strtoul(argv[2], nullptr, 10));
  crowd::Crowd(port, std::max(addresses, 1U)).run();
}
