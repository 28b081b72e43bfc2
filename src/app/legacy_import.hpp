/// From the old tables to ours: each row is mapped, and written where it is not here yet.
#pragma once

#include <rubricon/app/progress.hpp>
#include <rubricon/legacy/address.hpp>
#include <rubricon/legacy/tally.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/ports/imports.hpp>
#include <rubricon/postgres/legacy_tables.hpp>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace rubricon::app {

/// One run, on one shard. In memory: a page of each old table, the ids of all people, and ten bytes
/// a message of one chat.
class LegacyImport {
 public:
  /// Null: a rehearsal. Both outlive it.
  LegacyImport(ports::Imports* imports, const ports::Clock& clock);

  /// Throws std::runtime_error where nobody has an account here yet: the first one to sign up would
  /// else not become the administrator.
  base::Task<legacy::Tally> run(legacy::Address from);

 private:
  /// A chat that is being written.
  struct Target {
    ports::ImportedChat chat;
    domain::Seq head;                      ///< 0: it is not here yet
    std::vector<ports::ImportMark> known;  ///< sorted
    bool made = false;
  };

  base::Deadline soon() const;
  base::Task<void> take_users();
  base::Task<void> take_user(legacy::OldUser row);
  base::Task<void> take_chats();
  base::Task<void> take_chat(legacy::OldChat row);
  base::Task<std::optional<Target>> target_for(legacy::OldChat row);
  base::Task<void> leave_out_messages_of(std::string chat, legacy::Reason reason);
  base::Task<void> leave_out_messages_before(std::string chat);
  /// The next message without taking it; null at the end.
  base::Task<const legacy::OldMessage*> peek();
  legacy::OldMessage take();
  base::Task<void> look_again(Target* target);
  base::Task<void> write(Target* target, std::vector<ports::ImportedMessage> batch);
  void show();

  ports::Imports* imports_;
  const ports::Clock& clock_;
  Progress progress_;
  const base::Time now_;
  std::unique_ptr<postgres::LegacyTables> tables_;
  std::unordered_map<std::string, domain::UserId> users_;  ///< by old id
  std::vector<legacy::OldMessage> page_;
  std::size_t next_ = 0;
  bool at_end_ = false;
  legacy::Tally tally_;
};

}  // namespace rubricon::app
