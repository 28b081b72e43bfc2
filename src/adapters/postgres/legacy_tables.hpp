/// The tables of the system that Rubricon follows, as Prisma made them: "User", "Chat" and "Msg",
/// read as of one instant, and never written.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/legacy/rows.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/postgres/connection.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::postgres {

/// One transaction, REPEATABLE READ READ ONLY, from open() to the end of this: what the old system
/// writes meanwhile is not seen. Pages come from the server's cursors, since nothing in the old
/// schema promises an index on "chatId": each table is sorted once, there, and its rows come in the
/// order of their ids as bytes, messages in that of their chats' ids, then by time, then by id. A
/// standby will do. Times without a time zone are UTC.
///
/// Faults: throws OpenError where a table or a column that must be there is not, with a sentence
/// for people; else what Connection throws, and this is of no use then.
class LegacyTables {
 public:
  /// Rows of a page; a row is at most 32 KiB of content, or 64 KiB of context, and little else.
  static constexpr std::size_t page = 1'000;  // FETCH 1000

  /// `schema` may be empty: the first of the search path. `clock` outlives it.
  static base::Task<std::unique_ptr<LegacyTables>> open(std::string url, std::string schema,
                                                        const ports::Clock* clock,
                                                        base::Deadline deadline);

  struct Counts {
    std::int64_t users = 0;
    std::int64_t chats = 0;
    std::int64_t messages = 0;
  };
  base::Task<Counts> count(base::Deadline deadline);

  /// The next rows, empty at the end. The first call waits until the server has sorted the table.
  base::Task<std::vector<legacy::OldUser>> users(base::Deadline deadline);
  base::Task<std::vector<legacy::OldChat>> chats(base::Deadline deadline);
  base::Task<std::vector<legacy::OldMessage>> messages(base::Deadline deadline);

 private:
  explicit LegacyTables(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}
  base::Task<void> declare(std::string schema, base::Deadline deadline);
  base::Task<Answer> ask(Query query, base::Deadline deadline);

  std::unique_ptr<Connection> connection_;
  std::string count_sql_;
};

}  // namespace rubricon::postgres
