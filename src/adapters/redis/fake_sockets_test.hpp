/// Sockets that only write down what is done to them.
#pragma once

#include <rubricon/ports/local_sockets.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

namespace rubricon::redis {

class FakeSockets final : public ports::LocalSockets {
 public:
  using Filter = ports::SocketFilter;

  std::vector<std::string> rooms() const override { return {"id1", "chat:1"}; }
  std::vector<ports::SocketSummary> find(const Filter& filter, std::size_t) const override {
    asked.push_back("find " + text(filter));
    return {{"id1", {"id1", "chat:1"}, "192.0.2.1"}};
  }
  void join(const Filter& filter, const std::vector<std::string>& rooms) override {
    asked.push_back(fmt::format("join {} {}", text(filter), fmt::join(rooms, ",")));
  }
  void leave(const Filter& filter, const std::vector<std::string>& rooms) override {
    asked.push_back(fmt::format("leave {} {}", text(filter), fmt::join(rooms, ",")));
  }
  void disconnect(const Filter& filter, ports::Disconnect how) override {
    const bool whole = how == ports::Disconnect::transport;
    asked.push_back(fmt::format("disconnect {} {}", text(filter), whole ? "transport" : "socket"));
  }
  void emit(const Filter& filter, std::string_view name, std::string_view args) override {
    asked.push_back(fmt::format("emit {} {} {}", text(filter), name, args));
  }

  mutable std::vector<std::string> asked;

 private:
  static std::string text(const Filter& filter) {
    return fmt::format("[{}]-[{}]", fmt::join(filter.rooms, ","), fmt::join(filter.except, ","));
  }
};

}  // namespace rubricon::redis
