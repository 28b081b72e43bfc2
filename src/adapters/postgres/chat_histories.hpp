/// Audits a database from beside the servers that use it: a connection of its own that only reads.
#pragma once

#include <rubricon/ports/chat_history.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/postgres/connection.hpp>
#include <rubricon/postgres/migrations.hpp>

#include <boost/asio/io_context.hpp>

#include <memory>
#include <vector>

namespace rubricon::postgres {

class ChatHistories final : public ports::ChatHistories {
 public:
  /// Throws OpenError where the database has another schema version, unless it is a newer one that
  /// this program may use, Failure where there is none to be reached. `clock` outlives it.
  ChatHistories(ConnectOptions options, const ports::Clock& clock);
  ~ChatHistories() override;

  std::vector<domain::ChatId> chats(std::optional<domain::ChatId> after,
                                    std::size_t limit) override;
  std::optional<ports::ChatHistory> read(domain::ChatId chat) override;
  std::vector<domain::UserId> users(std::optional<domain::UserId> after,
                                    std::size_t limit) override;
  std::optional<ports::UserHistory> read(domain::UserId user) override;
  std::vector<domain::Seq> unsearchable(const ports::StoredChat& chat) override;
  std::vector<domain::Event> events(domain::StreamId stream, domain::Seq after,
                                    std::size_t limit) override;
  std::size_t waiting_since(base::Time before) override;

 private:
  void connect();
  /// Of one instant; blocks. Connects anew where the server had gone away before.
  std::vector<Answer> ask(std::vector<Query> queries);

  ConnectOptions options_;
  const ports::Clock& clock_;
  boost::asio::io_context io_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace rubricon::postgres
