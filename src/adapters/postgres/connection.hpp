/// One connection to a PostgreSQL server, without threads: libpq in pipeline mode, whose socket
/// Asio watches. What is asked together goes in one round trip.
#pragma once

#include <rubricon/base/deadline.hpp>
#include <rubricon/base/task.hpp>
#include <rubricon/ports/clock.hpp>
#include <rubricon/postgres/answer.hpp>
#include <rubricon/postgres/query.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

struct pg_conn;

namespace rubricon::postgres {

/// Whether statements are prepared under a name, once a connection. A pooler that hands out its
/// connections by transaction (PgBouncer) needs `unnamed`: then nothing at all is kept in the
/// session, and time limits are set in each transaction.
enum class Preparing { named, unnamed };

struct ConnectOptions {
  std::string url;  ///< "postgresql://…", or libpq's "key=value …"
  Preparing preparing = Preparing::named;
  bool writable = true;        ///< false: a server that only reads, a replica, will do
  std::size_t first_host = 0;  ///< of several in `url`, counted round: with which to begin
  base::Milliseconds connect_timeout{3'000};
  /// Set at the server, for what a client that died or hangs has left behind; whoever waits here
  /// has a Deadline.
  base::Milliseconds statement_timeout{15'000};
  base::Milliseconds lock_timeout{2'000};
  base::Milliseconds idle_in_transaction_timeout{10'000};
};

/// Belongs to one shard, and to one caller at a time. A call that is cancelled, that runs past its
/// deadline or that loses the server leaves the connection unusable: what was under way is unknown.
/// An error of a statement does not, but leaves an open transaction to be rolled back.
class Connection {
 public:
  /// Connects and sets up the session. Throws Failure (lost) where that fails, DeadlineExceeded.
  /// A host's name is looked up by libpq, which blocks the shard: give addresses where that is
  /// slow. `clock` outlives the connection.
  static base::Task<std::unique_ptr<Connection>> open(ConnectOptions options,
                                                      const ports::Clock* clock,
                                                      base::Deadline deadline);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends all in one go and returns an answer each. If one fails, those behind it are not run, and
  /// its error is thrown when the server is ready again: Failure, Defect, or DeadlineExceeded.
  base::Task<std::vector<Answer>> run(std::vector<Query> queries, base::Deadline deadline);

  /// Runs a text of several statements without arguments, as one transaction unless it has its own.
  base::Task<void> run_script(std::string sql, base::Deadline deadline);

  /// Whether another caller can have it: nothing is under way, and no transaction is open.
  bool reusable() const;
  /// The same, and the server has not gone away while nobody looked.
  bool ready();

  /// What a transaction must set for itself, because the session does not have it; may be empty.
  const std::vector<Query>& transaction_settings() const { return transaction_settings_; }

 private:
  struct Socket;
  class Alarm;

  Connection(boost::asio::any_io_executor executor, ConnectOptions options,
             const ports::Clock& clock);
  base::Task<void> connect(base::Deadline deadline);
  void start_connecting();
  void watch_socket();
  void unwatch_socket();
  base::Task<void> set_up(base::Deadline deadline);

  /// What a result in a pipeline belongs to.
  struct Step {
    const char* prepared = nullptr;  ///< the statement that was prepared; null for an answer
  };
  std::vector<Step> send(const std::vector<Query>& queries);
  void send_one(const Query& query, std::vector<Step>& steps);
  base::Task<void> collect(std::vector<Step> steps, std::vector<Answer>* answers);
  void forget_unprepared(const std::vector<Step>& steps, std::size_t from);

  enum class Want { read, read_or_write };
  base::Task<void> wait(Want want);
  /// Moves bytes in both directions until libpq has the next result.
  base::Task<void> exchange();
  [[noreturn]] void lost();

  boost::asio::any_io_executor executor_;
  ConnectOptions options_;
  const ports::Clock& clock_;
  pg_conn* connection_ = nullptr;
  std::shared_ptr<Socket> socket_;
  bool usable_ = false;
  std::vector<Query> transaction_settings_;
  std::unordered_map<const char*, std::string> names_;
  std::size_t names_made_ = 0;
};

}  // namespace rubricon::postgres
