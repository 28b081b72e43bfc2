/// The Socket.IO half: what each namespace answers.
#pragma once

#include <rubricon/socketio_server/server.hpp>

namespace socketio_echo {

/// Sets up `/` and `/custom`. Clients that send `auth: {token: "bad"}` are refused.
void add_events(rubricon::socketio_server::Server& io);

}  // namespace socketio_echo
