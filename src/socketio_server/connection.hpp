/// One client: performs what `socketio::Multiplexer` asks for, between the transport and the
/// application. Internal to this module.
#pragma once

#include <rubricon/socketio/multiplexer.hpp>
#include <rubricon/socketio_server/action_loop.hpp>
#include <rubricon/socketio_server/engine_socket.hpp>
#include <rubricon/socketio_server/namespace.hpp>
#include <rubricon/socketio_server/namespace_state.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::socketio_server {

struct ServerState;

/// A client on its way through the middlewares of a namespace.
struct AdmissionProgress {
  Connection* connection;  ///< null once the answer is given or no longer wanted
  socketio::Slot slot;
  NamespaceState* nsp;
  std::shared_ptr<const Handshake> handshake;
  boost::json::value auth;
  std::any data;
  std::size_t stage = 0;  ///< the middleware that is being asked
  /// The session that it claims to be, while the store is asked; then the one that it is.
  std::string pid;
  Recovered recovered = Recovered::no;
};

class Connection final : public EngineListener, public std::enable_shared_from_this<Connection> {
 public:
  Connection(ServerState& server, EngineSocket& engine, std::shared_ptr<const Handshake> handshake);
  /// Sockets that the application still holds are disconnected then, without a word.
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void on_text(std::string_view text) override;
  void on_binary(std::string bytes) override;
  void on_closed(Reason reason) override;
  base::Instant deadline() const override;
  void on_time(base::Instant now) override;
  bool keep_slow(std::size_t queued_bytes) override;

  EmitStatus send(const EncodedEvent& event, Delivery delivery);
  std::size_t queued_bytes() const { return engine_ == nullptr ? 0 : engine_->queued_bytes(); }
  void disconnect(Socket& socket, Close close);
  void discard_handshake();
  /// The deadline of an acknowledgement has come into being.
  void deadline_changed();

  /// Asks the next middleware, or lets the client in.
  void proceed(const std::shared_ptr<AdmissionProgress>& progress);
  void refuse(AdmissionProgress& progress, const ConnectError& error);

 private:
  struct Stay {
    socketio::Slot slot;
    std::shared_ptr<AdmissionProgress> progress;  ///< until joined
    SocketPtr socket;                             ///< from then on
  };

  template <typename Input>
  void step(Input input);
  void perform(socketio::ProtocolAction& action);
  void ask(socketio::AskAdmission& ask);
  void cancel(socketio::Slot slot);
  void join(socketio::Slot slot);
  void let_in(AdmissionProgress& progress);
  /// Asks the store, if the client says that it was here; false when there is nothing to ask.
  bool ask_session_store(const std::shared_ptr<AdmissionProgress>& progress);
  /// What recovery knows of the client, if it names itself.
  std::optional<socketio::RecoveryLog::Restored> restore(AdmissionProgress& progress);
  struct Entrance;
  struct StoreQuestion;
  Entrance enter(AdmissionProgress& progress);
  /// The same for a namespace with a session store.
  void enter_session(AdmissionProgress& progress, Entrance& entrance);
  void deliver(socketio::DeliverPacket& delivery);
  void deliver_event(const SocketPtr& socket, socketio::Packet& packet);
  void leave(const socketio::Left& left);
  void save(Socket& socket, Reason reason);
  void send_packet(const socketio::OutboundPacket& packet);
  Stay* find(socketio::Slot slot);

  ServerState* server_;
  EngineSocket* engine_;  ///< null once closed; it owns this object
  std::shared_ptr<const Handshake> handshake_;
  socketio::Multiplexer mux_;
  std::vector<Stay> stays_;
  ActionLoop<socketio::ProtocolActions> loop_;
};

}  // namespace rubricon::socketio_server
