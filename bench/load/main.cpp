/// The load of the benchmarks: `bench_load fanout|senders|requests|arrivals|watch --help`. Each
/// prints one line of JSON, or says what went wrong and ends with 1.
#include "arrivals.hpp"
#include "fanout.hpp"
#include "requests.hpp"
#include "senders.hpp"
#include "watch.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <fstream>
#include <map>
#include <sstream>

namespace {

using namespace bench;

const std::map<std::string, Protocol> protocols = {
    {"raw", Protocol::raw}, {"node", Protocol::node}, {"rubricon", Protocol::rubricon}};

std::vector<std::string> lines_of(const std::string& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// "name=pid,pid".
Servers read_servers(const std::vector<std::string>& given) {
  Servers servers;
  for (const auto& text : given) {
    const auto equals = text.find('=');
    std::istringstream pids(text.substr(equals + 1));
    for (std::string pid; std::getline(pids, pid, ',');) {
      servers[text.substr(0, equals)].push_back(std::stoi(pid));
    }
  }
  return servers;
}

class CommandLine {
 public:
  CommandLine() {
    app_.require_subcommand(1);
    auto* fanout = app_.add_subcommand("fanout", "one publisher, many subscribers of a room");
    common(fanout, fanout_.protocol, fanout_.port);
    fanout->add_option("--sockets", fanout_.sockets);
    fanout->add_option("--in-flight", fanout_.in_flight);
    fanout->add_option("--rate", fanout_.rate, "messages a second; 0: as many as possible");
    fanout->add_option("--seconds", fanout_.seconds);
    fanout->add_option("--payload", fanout_.payload, "bytes of text in a message");
    fanout->add_option("--addresses", fanout_.addresses);
    fanout->add_option("--chat", fanout_.chat);
    fanout->add_option("--after", fanout_.after);

    auto* senders = app_.add_subcommand("senders", "each waits for its own message");
    common(senders, senders_.protocol, senders_.port);
    senders->add_option("--rest-port", senders_.rest_port);
    senders->add_option("--seconds", senders_.seconds);
    senders->add_option("--addresses", senders_.addresses);
    senders->add_option("--people", people_, "file: token, chat, user and position on each line");
    senders->add_flag("--deaf", senders_.deaf, "nobody listens");
    senders->add_option("--count", senders_.count, "messages, in place of seconds");

    auto* requests = app_.add_subcommand("requests", "GETs on kept connections");
    requests->add_option("--port", requests_.port)->required();
    requests->add_option("--path", requests_.paths)->required();
    requests->add_option("--connections", requests_.connections);
    requests->add_option("--seconds", requests_.seconds);
    requests->add_option("--token", token_);
    requests->add_option("--header", header_, "one more, as name: value");
    requests->add_option("--server", servers_, "name=pid,pid");

    auto* arrivals = app_.add_subcommand("arrivals", "sockets that come and may stay");
    common(arrivals, arrivals_.protocol, arrivals_.port);
    arrivals->add_option("--sockets", arrivals_.sockets);
    arrivals->add_option("--at-once", arrivals_.at_once);
    arrivals->add_option("--addresses", arrivals_.addresses);
    arrivals->add_option("--chats", chats_, "file");
    arrivals->add_flag("--stay", arrivals_.stay, "until standard input ends");

    auto* watching = app_.add_subcommand("watch", "sockets of a chat while an answer is written");
    common(watching, watch_.protocol, watch_.port);
    watching->add_option("--sockets", watch_.sockets);
    watching->add_option("--seconds", watch_.seconds);
    watching->add_option("--chat", watch_.chat)->required();
    watching->add_option("--after", watch_.after);
  }

  int run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error);
    }
    const auto servers = read_servers(servers_);
    const auto tokens = tokens_.empty() ? std::vector<std::string>() : lines_of(tokens_);
    if (app_.got_subcommand("fanout")) {
      fanout_.servers = servers;
      fanout_.tokens = tokens;
      fan_out(fanout_);
    } else if (app_.got_subcommand("senders")) {
      senders_.servers = servers;
      for (const auto& line : lines_of(people_)) {
        Sender sender;
        std::istringstream(line) >> sender.token >> sender.chat >> sender.user >> sender.after;
        senders_.senders.push_back(std::move(sender));
      }
      send_and_wait(senders_);
    } else if (app_.got_subcommand("requests")) {
      requests_.servers = servers;
      if (!token_.empty()) requests_.headers += "Authorization: Bearer " + token_ + "\r\n";
      if (!header_.empty()) requests_.headers += header_ + "\r\n";
      request(requests_);
    } else if (app_.got_subcommand("watch")) {
      watch_.servers = servers;
      watch_.tokens = tokens;
      watch(watch_);
    } else {
      arrivals_.servers = servers;
      arrivals_.tokens = tokens;
      if (!chats_.empty()) arrivals_.chats = lines_of(chats_);
      arrive(arrivals_);
    }
    return 0;
  }

 private:
  void common(CLI::App* command, Protocol& protocol, std::uint16_t& port) {
    command->add_option("--protocol", protocol)->transform(CLI::CheckedTransformer(protocols));
    command->add_option("--port", port)->required();
    command->add_option("--tokens", tokens_, "file: one on each line");
    command->add_option("--server", servers_, "name=pid,pid");
  }

  CLI::App app_{"The load of the benchmarks"};
  FanoutOptions fanout_;
  SendersOptions senders_;
  RequestsOptions requests_;
  ArrivalsOptions arrivals_;
  WatchOptions watch_;
  std::string tokens_, people_, chats_, token_, header_;
  std::vector<std::string> servers_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    return CommandLine().run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_load: %s\n", error.what());
    return 1;
  }
}
