#include "options.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace socketio_echo {
namespace {

using rubricon::socketio_server::OriginPolicy;

OriginPolicy make_policy(const std::vector<std::string>& origins) {
  OriginPolicy policy;
  if (origins.empty()) return policy;
  policy.kind = OriginPolicy::Kind::list;
  for (const auto& origin : origins) {
    if (origin == "*") policy.kind = OriginPolicy::Kind::any;
    policy.allowed.push_back(origin);
  }
  return policy;
}

}  // namespace

ParsedOptions parse_options(int argc, char** argv) {
  CLI::App app("Socket.IO echo server: /socket.io/ and, bare, /engine.io/ on 127.0.0.1");
  Options options;
  auto& engine = options.server.engine;
  std::int64_t ping_interval = engine.ping_interval.count();
  std::int64_t ping_timeout = engine.ping_timeout.count();
  std::int64_t connect_timeout = options.server.connect_timeout.count();
  std::vector<std::string> origins;
  std::string recovery = "off";
  const auto positive = CLI::Range(std::int64_t{1}, std::int64_t{3'600'000});
  app.add_option("--port", options.port, "0 lets the system choose")->capture_default_str();
  app.add_option("--ping-interval", ping_interval, "milliseconds")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--ping-timeout", ping_timeout, "milliseconds")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--connect-timeout", connect_timeout, "milliseconds to join a namespace")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--max-payload", engine.max_payload, "bytes of a message or polling body")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000'000}))
      ->capture_default_str();
  app.add_option("--cors-origin", origins, "an allowed web origin, or *; may be repeated");
  app.add_option("--recovery", recovery, "connection state recovery")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error)};
  }
  engine.ping_interval = std::chrono::milliseconds(ping_interval);
  engine.ping_timeout = std::chrono::milliseconds(ping_timeout);
  engine.origins = make_policy(origins);
  // Everybody comes from 127.0.0.1.
  engine.connections_per_address_max = engine.connections_max;
  // So that the official protocol suites can be run against this program.
  options.server.connect_pause = std::chrono::milliseconds(5);
  options.server.connect_timeout = std::chrono::milliseconds(connect_timeout);
  options.server.recovery.enabled = recovery == "on";
  return {options, 0};
}

}  // namespace socketio_echo
