#include <rubricon/socketio_server/server.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/socketio_server/server_state.hpp>

#include <utility>

namespace rubricon::socketio_server {

Server::Server(boost::asio::any_io_executor executor, Environment environment,
               ServerOptions options)
    : state_(std::make_unique<ServerState>(std::move(executor), std::move(environment),
                                           std::move(options))) {}

Server::~Server() = default;

Namespace& Server::of(std::string_view name) {
  RUBRICON_ASSERT(name.starts_with('/'));
  auto found = state_->namespaces.find(name);
  if (found == state_->namespaces.end()) {
    auto state = std::make_unique<NamespaceState>(*state_, std::string(name));
    found =
        state_->namespaces.emplace(std::string(name), std::make_unique<Namespace>(std::move(state)))
            .first;
  }
  return *found->second;
}

net::HttpHandler& Server::http() {
  return state_->engine;
}

void Server::on_slow_consumer(SlowPolicy policy) {
  state_->slow_policy = std::move(policy);
}

base::Task<void> Server::close_all(CloseAll how) {
  return state_->engine.close_all(how);
}

const Counters& Server::counters() const {
  return state_->engine.counters();
}

}  // namespace rubricon::socketio_server
