/// Writes the history of a run while it happens, with names for people.
#pragma once

#include <rubricon/domain/ids.hpp>
#include <rubricon/history/history.hpp>
#include <rubricon/history/stored.hpp>
#include <rubricon/memory/tables.hpp>
#include <rubricon/sim/loop.hpp>

#include <boost/json/object.hpp>

#include <map>
#include <string>

namespace rubricon::sim {

/// What two people must agree on when they speak of an event: its type and its data.
std::string digest(std::string_view type, const boost::json::object& data);

class Recorder {
 public:
  explicit Recorder(Loop& loop) : loop_(loop) {}

  history::History history;

  void name_chat(domain::ChatId chat, std::string name) {
    chats_[chat.to_string()] = std::move(name);
  }
  void name_user(domain::UserId user, std::string name) {
    users_[user.to_string()] = std::move(name);
  }
  const std::string& chat(const std::string& id) const { return chats_.at(id); }

  void applied(history::Applied applied);
  void snapshot(history::Snapshot snapshot);
  void heard(history::Heard heard);
  void partial(history::Partial partial);

  /// A backup was restored, and the chats are in these epochs now. What is answered in an older one
  /// from here on was on its way meanwhile: it is lost, as what was answered since the backup.
  void restored(const memory::Tables& tables);
  bool lost(const std::string& chat_id, std::int64_t epoch) const;

  /// What is stored now, as the history's end; `dead_jobs` questions are listed as given up.
  void read(const memory::Tables& tables, std::size_t dead_jobs);

 private:
  history::Event event_of(const domain::Event& event, history::Questions& questions) const;
  std::string name_in(const boost::json::object& data, std::string_view field) const;

  Loop& loop_;
  std::map<std::string, std::string> chats_;
  std::map<std::string, std::string> users_;
  std::map<std::string, std::int64_t> restored_;  ///< epochs by chat id
  std::uint64_t order_ = 0;
};

}  // namespace rubricon::sim
