/// The bare Engine.IO half: every message comes back.
#pragma once

#include <rubricon/socketio_server/engine_server.hpp>

#include <memory>

namespace socketio_echo {

/// To be given to an `EngineServer`.
std::shared_ptr<rubricon::socketio_server::EngineListener> make_engine_echo(
    const std::shared_ptr<rubricon::socketio_server::EngineSocket>& socket);

}  // namespace socketio_echo
