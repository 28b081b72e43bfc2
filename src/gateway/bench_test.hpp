/// A whole gateway for tests: over real sockets, with SQLite, real tokens and the in-process
/// broker, whose deliveries a test can spoil. Time stands still unless it is moved.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/crypto/es256_authority.hpp>
#include <rubricon/crypto/system_random.hpp>
#include <rubricon/gateway/gateway.hpp>
#include <rubricon/gateway/socket_client_test.hpp>
#include <rubricon/memory/broker.hpp>
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
#include <string>

namespace rubricon::gateway {

/// Passes on what a gateway asks of chats, or fails.
class FlakyChats final : public ports::ChatStore {
 public:
  FlakyChats(ports::ChatStore& real, const bool& broken) : real_(real), broken_(broken) {}

  base::Task<base::Result<ports::Membership>> membership(domain::UserId user, domain::ChatId chat,
                                                         base::Deadline deadline) override {
    check();
    ++memberships;
    return real_.membership(user, chat, deadline);
  }
  base::Task<std::vector<ports::Head>> heads(std::vector<domain::StreamId> streams,
                                             base::Deadline deadline) override {
    check();
    ++head_questions;
    return real_.heads(std::move(streams), deadline);
  }
  base::Task<base::Result<ports::ChatSummary>> summary(domain::UserId user, domain::ChatId chat,
                                                       base::Deadline deadline) override {
    check();
    return real_.summary(user, chat, deadline);
  }

  // Nothing of this is a gateway's business.
  base::Task<base::Result<domain::Chat>> create(ports::NewChat, base::Deadline) override {
    never();
  }
  base::Task<base::Result<ports::ChatPage>> list(domain::UserId, ports::ChatQuery,
                                                 base::Deadline) override {
    never();
  }
  base::Task<base::Result<ports::ChatView>> view(domain::UserId, domain::ChatId,
                                                 base::Deadline) override {
    never();
  }
  base::Task<base::Result<ports::ChatSummary>> update(domain::UserId, domain::ChatId,
                                                      ports::ChatPatch, base::Deadline) override {
    never();
  }
  base::Task<base::Result<void>> remove(domain::UserId, domain::ChatId, base::Deadline) override {
    never();
  }
  base::Task<base::Result<void>> restore(domain::UserId, domain::ChatId, base::Deadline) override {
    never();
  }
  base::Task<base::Result<void>> mark_read(domain::UserId, domain::ChatId, domain::Seq,
                                           base::Deadline) override {
    never();
  }
  base::Task<base::Result<std::vector<domain::Member>>> members(domain::UserId, domain::ChatId,
                                                                base::Deadline) override {
    never();
  }
  base::Task<base::Result<domain::Member>> add_member(domain::UserId, domain::ChatId, domain::Email,
                                                      domain::MemberRole, base::Deadline) override {
    never();
  }
  base::Task<base::Result<void>> remove_member(domain::UserId, domain::ChatId, domain::UserId,
                                               base::Deadline) override {
    never();
  }

  int memberships = 0;
  int head_questions = 0;

 private:
  [[noreturn]] static void never() { throw std::logic_error("not a gateway's business"); }
  void check() const {
    if (broken_) throw base::Unavailable("the test broke the store");
  }

  ports::ChatStore& real_;
  const bool& broken_;
};

class FlakyEvents final : public ports::EventStore {
 public:
  FlakyEvents(ports::EventStore& real, const bool& broken) : real_(real), broken_(broken) {}

  base::Task<ports::EventPage> read(ports::EventQuery query, base::Deadline deadline) override {
    if (broken_) throw base::Unavailable("the test broke the store");
    ++reads;
    return real_.read(query, deadline);
  }

  int reads = 0;

 private:
  ports::EventStore& real_;
  const bool& broken_;
};

/// Does what the api does with `send-msg`.
class DirectSubmitter final : public ports::MessageSubmitter {
 public:
  explicit DirectSubmitter(ports::MessageStore& messages) : messages_(messages) {}

  base::Task<base::Result<ports::PostedMessage>> submit(ports::SubmitMessage message,
                                                        base::Deadline deadline) override;

 private:
  ports::MessageStore& messages_;
};

class Bench : public ::testing::Test {
 protected:
  explicit Bench(Options options = quick());
  ~Bench() override;

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
  /// Takes everything from the outbox to the broker.
  void relay();

  domain::SessionId open_session(const domain::User& user);
  std::string token(const domain::User& user, domain::SessionId session);
  std::string token(const domain::User& user) { return token(user, domain::SessionId()); }
  /// A connected socket; fails the test where it is refused.
  std::unique_ptr<SocketClient> connect(const domain::User& user);
  std::unique_ptr<SocketClient> connect_with(const std::string& token);
  std::unique_ptr<SocketClient> dial();

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
  memory::RunningAnswerMap answers{clock};
  memory::RevocationList revocations{clock};
  crypto::Es256Authority tokens;
  bool store_broken = false;
  FlakyChats chats{database.chats(), store_broken};
  FlakyEvents events{database.events(), store_broken};
  DirectSubmitter submitter{database.messages()};
  std::unique_ptr<socketio_server::Server> server;
  std::unique_ptr<net::HttpServer> http;
  std::unique_ptr<Gateway> gateway;
  std::uint16_t port = 0;
};

}  // namespace rubricon::gateway
