/// Audits a database file from beside the server that uses it: a connection of its own that only
/// reads (WAL readers and the writer do not wait for each other).
#pragma once

#include <rubricon/ports/chat_history.hpp>
#include <rubricon/sqlite/connection.hpp>

#include <filesystem>

namespace rubricon::sqlite {

class ChatHistories final : public ports::ChatHistories {
 public:
  /// Throws OpenError where there is no database at `path`, or one with another schema version.
  explicit ChatHistories(const std::filesystem::path& path);

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
  Connection db_;
};

}  // namespace rubricon::sqlite
