#include <rubricon/app/secret_input.hpp>

#include <termios.h>
#include <unistd.h>
#include <iostream>

namespace rubricon::app {
namespace {

/// What is typed on a terminal is not shown while this lives.
class EchoOff {
 public:
  EchoOff() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;  // no terminal: nothing is echoed
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
  }
  ~EchoOff() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

}  // namespace

std::string read_secret(const std::string& question) {
  std::cerr << question << std::flush;
  std::string secret;
  {
    const EchoOff hidden;
    std::getline(std::cin, secret);
  }
  std::cerr << '\n';
  return secret;
}

}  // namespace rubricon::app
