/// A whole gateway for tests: over real sockets, with SQLite, real tokens and the in-process
/// broker, whose deliveries a test can spoil. Time stands still unless it is moved.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/gateway/gateway.hpp>
#include <rubricon/gateway/socket_client_test.hpp>
#include <rubricon/memory/broker.hpp>
#include <rubricon/memory/connection_leases.hpp>
#include <rubricon/memory/ephemerals.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/memory/presence_map.hpp>
#include <rubricon/memory/revocation_list.hpp>
#include <rubricon/memory/running_answer_map.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/ports/contract/run_task.hpp>
#include <rubricon/socketio_server/server.hpp>
#include <rubricon/sqlite/database.hpp>

#include <gtest/gtest.h>
#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace rubricon::gateway {

/// How the stores of a test behave.
struct StoreMood {
  bool broken = false;  ///< throws Unavailable
  bool wrong = false;   ///< throws what no adapter should
  bool held = false;    ///< keeps questions about membership and heads waiting
  /// The same for questions about membership from the so-manieth on, 0 for none.
  int held_from = 0;
  int broken_from = 0;

  void check() const {
    if (wrong) throw std::runtime_error("the test put a mistake into the store");
    if (broken) throw base::Unavailable("the test broke the store");
  }
};

/// Passes on what a gateway asks of chats, or fails.
class FlakyChats final : public ports::ChatReader {
 public:
  FlakyChats(ports::ChatReader& real, const StoreMood& mood) : real_(real), mood_(mood) {}

  base::Task<base::Result<ports::Membership>> membership(domain::UserId user, domain::ChatId chat,
                                                         base::Deadline deadline) override {
    mood_.check();
    ++memberships;
    if (mood_.broken_from > 0 && memberships >= mood_.broken_from) {
      throw base::Unavailable("the test broke the store");
    }
    if (mood_.held || (mood_.held_from > 0 && memberships >= mood_.held_from)) {
      return when_let_go(user, chat, deadline);
    }
    return real_.membership(user, chat, deadline);
  }
  base::Task<std::vector<ports::Head>> heads(std::vector<domain::StreamId> streams,
                                             base::Deadline deadline) override {
    ++head_attempts;
    mood_.check();
    ++head_questions;
    if (mood_.held) return heads_when_let_go(std::move(streams), deadline);
    return real_.heads(std::move(streams), deadline);
  }
  base::Task<base::Result<ports::ChatSummary>> summary(domain::UserId user, domain::ChatId chat,
                                                       base::Deadline deadline) override {
    mood_.check();
    return real_.summary(user, chat, deadline);
  }

  int memberships = 0;
  int head_attempts = 0;
  int head_questions = 0;  ///< attempts that got an answer

 private:
  base::Task<base::Result<ports::Membership>> when_let_go(domain::UserId user, domain::ChatId chat,
                                                          base::Deadline deadline);
  base::Task<std::vector<ports::Head>> heads_when_let_go(std::vector<domain::StreamId> streams,
                                                         base::Deadline deadline);

  ports::ChatReader& real_;
  const StoreMood& mood_;
};

class FlakyRevocations final : public ports::RevocationLog {
 public:
  FlakyRevocations(ports::RevocationLog& real, const StoreMood& mood) : real_(real), mood_(mood) {}

  base::Task<std::vector<ports::Revocation>> revoked_since(base::Time since,
                                                           base::Deadline deadline) override {
    ++questions;
    mood_.check();
    return real_.revoked_since(since, deadline);
  }

  int questions = 0;

 private:
  ports::RevocationLog& real_;
  const StoreMood& mood_;
};

class FlakyEvents final : public ports::EventStore {
 public:
  FlakyEvents(ports::EventStore& real, const StoreMood& mood) : real_(real), mood_(mood) {}

  base::Task<ports::EventPage> read(ports::EventQuery query, base::Deadline deadline) override {
    ++attempts;
    mood_.check();
    ++reads;
    return real_.read(query, deadline);
  }

  int attempts = 0;
  int reads = 0;  ///< attempts that got an answer

 private:
  ports::EventStore& real_;
  const StoreMood& mood_;
};

/// Does what the api does with `send-msg`.
class DirectSubmitter final : public ports::MessageSubmitter {
 public:
  explicit DirectSubmitter(ports::MessageStore& messages) : messages_(messages) {}

  bool forwards_token() const override { return true; }
  base::Task<base::Result<ports::PostedMessage>> submit(ports::SubmitMessage message,
                                                        base::Deadline deadline) override;

 private:
  ports::MessageStore& messages_;
};

class GatewayFixture : public ::testing::Test {
 protected:
  explicit GatewayFixture(Options options = quick());
  ~GatewayFixture() override;

  /// Short waits, so that tests are.
  static Options quick();

  void start_gateway();
  void stop_gateway();

  domain::User make_user(const std::string& name);
  domain::ChatId make_chat(const domain::User& owner);
  void add_member(const domain::User& owner, domain::ChatId chat, const domain::User& member);
  void remove_member(const domain::User& owner, domain::ChatId chat, const domain::User& member);
  /// Posts and publishes.
  ports::PostedMessage post(const domain::User& user, domain::ChatId chat,
                            const std::string& content);
  /// Posts `count` messages in one commit, then publishes them.
  void post_many(const domain::User& user, domain::ChatId chat, const std::string& content,
                 int count);
  /// Takes everything from the outbox to the broker, unless that is switched off.
  void relay();

  domain::SessionId open_session(const domain::User& user);
  std::string token(const domain::User& user, domain::SessionId session);
  std::string token(const domain::User& user) { return token(user, domain::SessionId()); }
  /// A connected socket; fails the test where it is refused.
  std::unique_ptr<SocketClient> connect(const domain::User& user);
  std::unique_ptr<SocketClient> connect_with(const std::string& token);
  std::unique_ptr<SocketClient> dial();

  /// Waits until the user's own room has that many sockets.
  void wait_for_user_room(const domain::User& user, std::size_t sockets = 1);
  /// Waits until the gateway has handled that many events of clients, of all sockets ever.
  void wait_for_client_events(std::uint64_t count);

  template <typename T>
  T run(base::Task<T> task) {
    return ports::contract::run_task(io, std::move(task));
  }
  bool wait_until(const std::function<bool()>& done) { return run_until(io, done); }
  base::Deadline soon() const {
    return base::Deadline::after(clock.monotonic(), std::chrono::minutes(1));
  }

  Options gateway_options;
  std::filesystem::path folder;
  boost::asio::io_context io;
  memory::ManualClock clock;
  crypto::SystemRandom random;
  observability::Log log;
  observability::Metrics metrics;
  sqlite::Database database;
  memory::Broker broker{io.get_executor()};
  memory::Ephemerals ephemerals{io.get_executor()};
  memory::PresenceMap presence{clock};
  memory::ConnectionLeases connections{clock};
  memory::RunningAnswerMap answers{clock};
  memory::RevocationList revocations{clock};
  crypto::Es256Authority tokens;
  StoreMood store;
  FlakyChats chats{database.chats(), store};
  FlakyEvents events{database.events(), store};
  FlakyRevocations revoked{database.sessions(), store};
  DirectSubmitter submitter{database.messages()};
  std::unique_ptr<socketio_server::Server> server;
  std::unique_ptr<net::HttpServer> http;
  std::unique_ptr<Gateway> gateway;
  std::uint16_t port = 0;
};

}  // namespace rubricon::gateway
