/// One server process: parts that share a way to the store and a fate. It can be killed as kill -9
/// does: whatever is in flight is cancelled with all its ways out cut off first, so that nothing of
/// it takes effect any more.
#pragma once

#include <rubricon/base/task_group.hpp>
#include <rubricon/memory/database.hpp>
#include <rubricon/net/http_server.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/sim/dice.hpp>
#include <rubricon/sim/exchange.hpp>
#include <rubricon/sim/executor.hpp>
#include <rubricon/sim/loop.hpp>
#include <rubricon/sim/wire.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::sim {

struct StoreFaults {
  double slow = 0;  ///< chance of a step to take up to `slow_max` longer
  double lose = 0;  ///< chance of a step to lose the connection
  bool reachable = true;
  base::Milliseconds slow_max{400};
};

/// What all processes share.
struct Surroundings {
  Loop& loop;
  memory::Database& database;
  ports::Random& random;
  StoreFaults& store_faults;
  std::uint64_t seed;
};

class Process : public memory::Pauses {
 public:
  Process(Surroundings surroundings, std::string name);
  ~Process() override;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  const std::string& name() const { return name_; }
  bool down() const { return state_ == State::down; }

  void boot();
  /// Completes when nothing is left of it. Nothing happens where it is not up.
  base::Task<void> kill();

  /// A request that has arrived. Answered by `exchange`, or never.
  void serve(std::shared_ptr<Exchange> exchange);
  /// A WebSocket upgrade that has arrived; `opened` hears whether it was granted.
  void upgrade(std::shared_ptr<Exchange> exchange, std::shared_ptr<Wire> wire);
  /// Connections break off, the process goes on.
  void break_connections();
  /// SIGSTOP and SIGCONT: connections stay open, and nothing moves.
  void stop();
  void wake();

  base::Task<void> pause(memory::Step step) override;

 protected:
  virtual void build(memory::DatabaseClient& database) = 0;
  /// Ends every loop; the parts may be destroyed afterwards.
  virtual base::Task<void> end() = 0;
  virtual void destroy() = 0;
  virtual net::HttpHandler* door() { return nullptr; }

  boost::asio::any_io_executor executor() const { return thread_; }

  Surroundings world;
  observability::Log log;
  observability::Metrics metrics;

 private:
  enum class State { down, up, dying };

  base::Task<void> answer(std::shared_ptr<Exchange> exchange);
  base::Task<void> answer_upgrade(std::shared_ptr<Exchange> exchange, std::shared_ptr<Wire> wire);

  std::string name_;
  Executor thread_;
  Dice dice_;
  State state_ = State::down;
  std::optional<memory::DatabaseClient> database_;
  std::optional<base::TaskGroup> requests_;
  std::vector<std::weak_ptr<Exchange>> exchanges_;
  std::vector<std::weak_ptr<Wire>> wires_;
};

}  // namespace rubricon::sim
