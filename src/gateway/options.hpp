/// What a gateway allows and how often it does things. Where a default does not speak for itself,
/// the comment says why.
#pragma once

#include <rubricon/gateway/recovery_seal.hpp>
#include <rubricon/gateway/room.hpp>
#include <rubricon/socketio_server/options.hpp>

#include <cstddef>
#include <optional>

namespace rubricon::gateway {

struct Limits {
  std::size_t sockets_per_user = 20;
  std::size_t sockets_per_address = 2'000;  ///< a school sits behind one
  double connects_per_second_and_address = 200;
  std::size_t rooms_per_socket = 200;
  /// Client events: beyond the burst they are answered `rate_limited`; after as many again as the
  /// burst within its time, the socket is closed.
  double events_per_second = 20;
  double events_burst = 40;
  std::size_t submits_per_socket = 8;  ///< send-msg under way at a time
  std::size_t token_bytes = 4'096;
  std::size_t event_bytes = 8'192;  ///< any client event but send-msg
  /// As for POST: 32 KiB of content may take six times as much when each byte is written as \u00xx.
  std::size_t send_msg_bytes = 262'144;
  /// Unsent bytes of all sockets together; beyond it the fullest ones are closed.
  std::size_t buffered_bytes = 256 << 20;
  /// Unsent bytes of one socket: over the first for `slow_after`, or over the second at any moment
  /// (a burst that the network had no chance to take yet), and it is closed as slow.
  std::size_t queue_bytes = 1 << 20;
  std::size_t queue_bytes_burst = 4 << 20;
  /// The next replay of a socket begins when it has fewer unsent bytes than this.
  std::size_t queue_bytes_replay = 64 << 10;
  std::size_t store_reads = 64;  ///< questions to the store under way at a time; others wait
  /// So many may wait, more are answered `unavailable`: some seconds' work of the store.
  std::size_t store_reads_waiting = 50'000;
};

struct Options {
  RoomOptions room;
  Limits limits;
  /// Of all gateways of an installation, for ever; whoever has it can make clients believe that
  /// they are recovered. Without one, nobody is recovered after a restart.
  std::optional<RecoverySecret> recovery_secret;
  base::Milliseconds heads_every{30'000};       ///< to each socket
  base::Milliseconds head_check_every{15'000};  ///< of all rooms with members
  /// The same while the broker is away. Whoever is removed is out within 2 s all the same.
  base::Milliseconds head_check_alone{1'000};
  base::Milliseconds token_grace{25'000};       ///< between a token's expiry and the close
  base::Milliseconds typing_every{1'000};       ///< per socket and chat, passed on
  base::Milliseconds presence_refresh{20'000};  ///< a third of what Presence remembers
  /// A third of what a ConnectionLimiter remembers.
  base::Milliseconds connections_refresh{20'000};
  /// Who is one too many over all gateways may be so because another gateway died: its connections
  /// count for 60 s.
  base::Milliseconds crowd_patience{70'000};
  base::Milliseconds presence_enter_debounce{250};
  base::Milliseconds presence_leave_debounce{5'000};
  base::Milliseconds chat_line_debounce{150};  ///< `chat-updated` of one chat
  base::Milliseconds store_timeout{5'000};
  base::Milliseconds submit_timeout{10'000};
  base::Milliseconds admit_wait{2'000};  ///< until it is known again who is revoked
  base::Milliseconds slow_after{250};
  base::Milliseconds replays_gather{2};  ///< joins that missed the same share a read for so long
  base::Milliseconds replay_pace{10};    ///< between two looks at a socket that must drain first
  base::Milliseconds retry_min{100};     ///< loops that failed, doubling
  base::Milliseconds retry_max{5'000};
  base::Milliseconds tick{1'000};
  /// A drain sends sockets away at this pace, but is over by `drain_max`.
  base::Milliseconds drain_per_socket{5};
  base::Milliseconds drain_max{20'000};
};

/// What the Socket.IO server under a gateway should be made with; origins are the caller's.
socketio_server::ServerOptions server_options(const Options& options);

}  // namespace rubricon::gateway
