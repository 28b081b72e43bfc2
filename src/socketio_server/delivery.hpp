/// How hard to try for a client, and what became of it.
#pragma once

namespace rubricon::socketio_server {

/// How hard to try for a client that is not keeping up.
enum class Delivery {
  reliable,   ///< queued; the connection ends if the queue is over its limit
  ephemeral,  ///< dropped when more than `queue_bytes_ephemeral` is waiting already
  volatile_,  ///< dropped unless it can be written about now: a poll is pending, or no more than
              ///< one packet's worth (16 KiB) waits on the WebSocket
};

/// What became of something that was to be sent. Only `queued` means that it will be written,
/// unless the connection ends before.
enum class EmitStatus {
  queued,
  shed,     ///< volatile or ephemeral, and the client is not keeping up
  closed,   ///< the socket has disconnected
  refused,  ///< a reserved name, more than 10 attachments, a placeholder without its bytes, too
            ///< many acknowledgements owed: nothing was sent
};

}  // namespace rubricon::socketio_server
