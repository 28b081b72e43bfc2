/// The command line of the example.
#pragma once

#include <rubricon/socketio_server/options.hpp>

#include <cstdint>
#include <optional>

namespace socketio_echo {

struct Options {
  std::uint16_t port = 3000;
  rubricon::socketio_server::ServerOptions server;
};

/// What was asked for; or, when the program has nothing more to do (help, a mistake, both printed),
/// its exit code.
struct ParsedOptions {
  std::optional<Options> options;
  int exit_code = 0;
};
ParsedOptions parse_options(int argc, char** argv);

}  // namespace socketio_echo
