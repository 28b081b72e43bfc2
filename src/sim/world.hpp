/// The whole system of one run: store, broker, processes, network, devices.
#pragma once

#include <rubricon/memory/database.hpp>
#include <rubricon/memory/seeded_random.hpp>
#include <rubricon/sim/device.hpp>
#include <rubricon/sim/script.hpp>
#include <rubricon/sim/servers.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace rubricon::sim {

class World {
 public:
  World(Script what, PrintTrace print);
  /// After `end()`.
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// People, chats and devices are in the store; nothing runs yet.
  void furnish();
  void boot();
  /// A fault begins, or ends.
  void begin(const Fault& fault);
  void finish(const Fault& fault);
  /// No fault is left: everything is up, every way is open, every device that may is on.
  void heal();
  /// Everything is handed over, answered and seen.
  bool at_rest() const;
  /// How many questions the store lists as given up.
  std::size_t dead_jobs();
  void end();

  Dice dice(std::string_view purpose) const { return {script.seed, purpose}; }
  /// Runs a task to its end beside everything else; it is cancelled by `end()`.
  void spawn(base::Task<void> task) { tasks_.spawn(std::move(task)); }
  /// A request of somebody who is not one of the devices and keeps asking until there is an answer.
  base::Task<net::HttpResponse> insist(Request request);

  const Script script;
  Loop loop;
  Recorder recorder{loop};
  memory::SeededRandom random;
  memory::Database database;
  std::vector<domain::User> people;  ///< these four as the script has them
  std::vector<domain::Chat> chats;
  std::deque<Device> devices;
  std::vector<domain::SessionId> sessions;  ///< of the devices

 private:
  base::Task<void> furnish_store();
  base::Task<void> add_person(ports::UserStore* users, std::string name);
  base::Task<void> add_chat(ports::ChatStore* store, ChatPart part);
  base::Task<void> add_device(ports::SessionStore* store, DevicePart part);
  base::Task<void> end_all();
  base::Task<void> count_dead_jobs(std::optional<std::size_t>* count);
  void start_again(Process& process);
  /// To what was committed at `from`.
  void restore(At from);
  Process& target(const Fault& fault);
  void set_broker(const Fault& fault, bool on);
  void set_store(const Fault& fault, bool on);
  void set_link(const Fault& fault, bool on);

  memory::Tables backup_;
  StoreFaults store_faults_;
  Broker broker_;
  memory::Ephemerals ephemerals_;
  memory::PresenceMap presence_;
  memory::ConnectionLeases connections_;
  memory::RunningAnswerMap running_answers_;
  ScriptedAi ai_;
  Network network_;
  Link admin_link_{.name = "admin"};
  std::vector<std::unique_ptr<Process>> apis_, gateways_, workers_;
  base::TaskGroup tasks_;
};

}  // namespace rubricon::sim
