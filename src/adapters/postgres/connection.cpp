#include <rubricon/postgres/connection.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/postgres/failure.hpp>
#include <rubricon/postgres/hosts.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <exception>
#include <optional>
#include <string_view>

namespace rubricon::postgres {
namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

namespace {

constexpr int server_oldest = 140'000;

void ignore_notice(void*, const char*) {}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  return text;
}

/// Milliseconds as PostgreSQL's settings spell them.
std::string in_ms(base::Milliseconds time) {
  return fmt::format("{}ms", time.count());
}

/// The limits of ConnectOptions, for the session or for one transaction.
Query settings(const ConnectOptions& options, bool of_transaction) {
  return query(
      "SELECT set_config('statement_timeout', $1, $4), set_config('lock_timeout', $2, $4), "
      "set_config('idle_in_transaction_session_timeout', $3, $4)",
      in_ms(options.statement_timeout), in_ms(options.lock_timeout),
      in_ms(options.idle_in_transaction_timeout), of_transaction);
}

}  // namespace

/// Watches libpq's socket by a duplicate: libpq closes its own whenever the server goes away, and
/// its number may be another connection's by the time that we hear of it.
struct Connection::Socket {
  explicit Socket(const asio::any_io_executor& executor) : descriptor(executor) {}

  Descriptor descriptor;
  std::uint64_t call = 0;  ///< counts calls, so that an alarm of an earlier one is recognised
  bool late = false;
};

/// Ends the waits of one call when its time is over.
class Connection::Alarm {
 public:
  Alarm(const asio::any_io_executor& executor, std::shared_ptr<Socket> socket,
        base::Instant::duration remaining)
      : socket_(std::move(socket)), timer_(executor, remaining) {
    socket_->late = false;
    timer_.async_wait([held = socket_, call = ++socket_->call](boost::system::error_code error) {
      if (error || held->call != call) return;
      held->late = true;
      held->descriptor.cancel(error);
    });
  }
  ~Alarm() { ++socket_->call; }
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

 private:
  std::shared_ptr<Socket> socket_;
  base::Timer timer_;
};

Connection::Connection(asio::any_io_executor executor, ConnectOptions options,
                       const ports::Clock& clock)
    : executor_(executor),
      options_(std::move(options)),
      clock_(clock),
      socket_(std::make_shared<Socket>(executor)) {}

Connection::~Connection() {
  unwatch_socket();
  if (connection_) PQfinish(connection_);
}

base::Task<std::unique_ptr<Connection>> Connection::open(ConnectOptions options,
                                                         const ports::Clock* clock,
                                                         base::Deadline deadline) {
  std::unique_ptr<Connection> connection(
      new Connection(co_await asio::this_coro::executor, std::move(options), *clock));
  co_await connection->connect(deadline);
  co_await connection->set_up(deadline);
  co_return connection;
}

base::Task<void> Connection::connect(base::Deadline deadline) {
  const auto now = clock_.monotonic();
  if (deadline.reached(now)) throw base::DeadlineExceeded("no time to connect to PostgreSQL");
  const Alarm alarm(executor_, socket_, deadline.remaining(now));
  start_connecting();
  auto next = PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    watch_socket();
    const auto for_what =
        next == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write;
    boost::system::error_code error;
    co_await socket_->descriptor.async_wait(for_what,
                                            asio::redirect_error(asio::use_awaitable, error));
    if (socket_->late) throw base::DeadlineExceeded("PostgreSQL did not answer in time");
    if (error) throw boost::system::system_error(error);
    // libpq may go on with another socket, even one with the same number.
    unwatch_socket();
    next = PQconnectPoll(connection_);
    if (next == PGRES_POLLING_FAILED) lost();
  }
  watch_socket();
  if (PQsetnonblocking(connection_, 1) != 0) lost();
  if (PQserverVersion(connection_) < server_oldest) {
    throw Failure(Failure::Kind::refused, "PostgreSQL is too old: 14 is the oldest that we use");
  }
}

void Connection::start_connecting() {
  // What comes before `dbname` are defaults: the URL is expanded there and wins.
  constexpr std::array keywords = {"keepalives_idle",
                                   "keepalives_interval",
                                   "keepalives_count",
                                   "tcp_user_timeout",
                                   "target_session_attrs",
                                   "dbname",
                                   "fallback_application_name",
                                   "client_encoding",
                                   "host",
                                   "hostaddr",
                                   "port",
                                   static_cast<const char*>(nullptr)};
  // A pooler does not say what is behind it.
  const bool ask = options_.writable && options_.preparing == Preparing::named;
  const char* const any = ask ? "read-write" : "any";
  const auto hosts = hosts_of(options_.url, options_.first_host);
  const std::array values = {"15",
                             "5",
                             "3",
                             "20000",
                             any,
                             options_.url.c_str(),
                             "rubricon",
                             "UTF8",
                             hosts.host.c_str(),
                             hosts.hostaddr.c_str(),
                             hosts.port.c_str(),
                             static_cast<const char*>(nullptr)};
  connection_ = PQconnectStartParams(keywords.data(), values.data(), 1);
  if (!connection_) throw Failure(Failure::Kind::refused, "there is no memory for a connection");
  if (PQstatus(connection_) == CONNECTION_BAD) lost();
  PQsetNoticeProcessor(connection_, ignore_notice, nullptr);
}

void Connection::watch_socket() {
  const int watched = ::fcntl(PQsocket(connection_), F_DUPFD_CLOEXEC, 0);
  if (watched < 0) throw Failure(Failure::Kind::refused, "too many files are open");
  socket_->descriptor.assign(watched);
}

void Connection::unwatch_socket() {
  boost::system::error_code ignored;
  socket_->descriptor.close(ignored);
}

base::Task<void> Connection::set_up(base::Deadline deadline) {
  usable_ = PQenterPipelineMode(connection_) == 1;
  if (options_.preparing == Preparing::unnamed) {
    transaction_settings_.push_back(settings(options_, true));
    co_return;
  }
  auto session =
      together(settings(options_, false),
               // So that a server notices that we gave up, and lets the locks go.
               query("SELECT set_config('client_connection_check_interval', '1s', false), "
                     "set_config('TimeZone', 'UTC', false)"));
  co_await run(std::move(session), deadline);
}

base::Task<std::vector<Answer>> Connection::run(std::vector<Query> queries,
                                                base::Deadline deadline) {
  if (!usable_) throw Failure(Failure::Kind::lost, "the connection was lost before");
  const auto now = clock_.monotonic();
  if (deadline.reached(now)) throw base::DeadlineExceeded("no time is left; nothing was asked");
  usable_ = false;  // until the server has said that it is ready
  const Alarm alarm(executor_, socket_, deadline.remaining(now));
  auto steps = send(queries);
  std::vector<Answer> answers;
  co_await collect(std::move(steps), &answers);
  RUBRICON_ASSERT(answers.size() == queries.size());
  co_return answers;
}

std::vector<Connection::Step> Connection::send(const std::vector<Query>& queries) {
  std::vector<Step> steps;
  steps.reserve(queries.size());
  for (const auto& query : queries) send_one(query, steps);
  if (PQpipelineSync(connection_) != 1) lost();
  return steps;
}

void Connection::send_one(const Query& query, std::vector<Step>& steps) {
  const auto count = query.arguments.size();
  std::vector<Oid> types(count);
  std::vector<const char*> values(count);
  std::vector<int> lengths(count);
  const std::vector<int> formats(count, 1);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& argument = query.arguments[i];
    types[i] = argument.oid;
    values[i] = argument.null ? nullptr : argument.bytes.data();
    lengths[i] = static_cast<int>(argument.bytes.size());
  }
  const int number = static_cast<int>(count);
  if (options_.preparing == Preparing::unnamed) {
    if (PQsendQueryParams(connection_, query.sql, number, types.data(), values.data(),
                          lengths.data(), formats.data(), 1) != 1) {
      lost();
    }
    steps.push_back({});
    return;
  }
  auto& name = names_[query.sql];
  if (name.empty()) {
    name = fmt::format("r{}", ++names_made_);
    if (PQsendPrepare(connection_, name.c_str(), query.sql, number, types.data()) != 1) lost();
    steps.push_back({.prepared = query.sql});
  }
  if (PQsendQueryPrepared(connection_, name.c_str(), number, values.data(), lengths.data(),
                          formats.data(), 1) != 1) {
    lost();
  }
  steps.push_back({});
}

/// Until the server says that it is ready. The first error is thrown then.
base::Task<void> Connection::collect(std::vector<Step> steps, std::vector<Answer>* answers) {
  std::exception_ptr failure;
  std::size_t step = 0;
  bool between = false;  // libpq gives a null between two results
  for (;;) {
    co_await exchange();
    pg_result* const result = PQgetResult(connection_);
    if (!result) {
      if (between) lost();
      between = true;
      continue;
    }
    between = false;
    Answer answer(result);
    const auto status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) break;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      if (step < steps.size() && !steps[step].prepared) answers->push_back(std::move(answer));
      ++step;
      continue;
    }
    if (failure) continue;  // those behind a failure were not run
    forget_unprepared(steps, step);
    try {
      throw_error(result);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  usable_ = true;
  if (failure) std::rethrow_exception(failure);
}

void Connection::forget_unprepared(const std::vector<Step>& steps, std::size_t from) {
  for (auto i = from; i < steps.size(); ++i) {
    if (steps[i].prepared) names_.erase(steps[i].prepared);
  }
}

base::Task<void> Connection::run_script(std::string sql, base::Deadline deadline) {
  if (!usable_) throw Failure(Failure::Kind::lost, "the connection was lost before");
  const auto now = clock_.monotonic();
  if (deadline.reached(now)) throw base::DeadlineExceeded("no time is left; nothing was asked");
  usable_ = false;
  const Alarm alarm(executor_, socket_, deadline.remaining(now));
  // Several statements in one text are for the simple protocol, outside of a pipeline.
  if (PQexitPipelineMode(connection_) != 1) lost();
  if (PQsendQuery(connection_, sql.c_str()) != 1) lost();
  std::exception_ptr failure;
  for (;;) {
    co_await exchange();
    pg_result* const result = PQgetResult(connection_);
    if (!result) break;
    const Answer answer(result);
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || failure) continue;
    try {
      throw_error(result);
    } catch (...) {
      failure = std::current_exception();
    }
  }
  usable_ = PQstatus(connection_) == CONNECTION_OK && PQenterPipelineMode(connection_) == 1;
  if (failure) std::rethrow_exception(failure);
  if (!usable_) lost();
}

base::Task<void> Connection::exchange() {
  for (;;) {
    const int flushed = PQflush(connection_);  // -1 too: the server may have said why
    if (PQisBusy(connection_) == 0) break;
    if (PQstatus(connection_) == CONNECTION_BAD) lost();
    co_await wait(flushed == 1 ? Want::read_or_write : Want::read);
    // What had arrived before the end may still be an answer.
    if (PQconsumeInput(connection_) != 1 && PQisBusy(connection_) != 0) lost();
  }
}

base::Task<void> Connection::wait(Want want) {
  boost::system::error_code error;
  if (socket_->late) {
    throw base::DeadlineExceeded("PostgreSQL did not answer in time; what it did is unknown");
  }
  if (want == Want::read) {
    co_await socket_->descriptor.async_wait(Descriptor::wait_read,
                                            asio::redirect_error(asio::use_awaitable, error));
  } else {
    auto group = asio::experimental::make_parallel_group(
        socket_->descriptor.async_wait(Descriptor::wait_read, asio::deferred),
        socket_->descriptor.async_wait(Descriptor::wait_write, asio::deferred));
    const auto [order, read, written] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    error = order[0] == 0 ? read : written;
  }
  if (socket_->late) {
    throw base::DeadlineExceeded("PostgreSQL did not answer in time; what it did is unknown");
  }
  if (error) throw boost::system::system_error(error);
}

void Connection::lost() {
  throw Failure(Failure::Kind::lost,
                fmt::format("PostgreSQL: {}", trimmed(PQerrorMessage(connection_))));
}

bool Connection::ready() {
  if (!usable_) return false;
  // A server that went away has said so by now: twice, for its last words and for the end.
  for (int i = 0; i < 2; ++i) {
    if (PQconsumeInput(connection_) != 1) usable_ = false;
  }
  if (PQstatus(connection_) != CONNECTION_OK) usable_ = false;
  return reusable();
}

bool Connection::reusable() const {
  return usable_ && PQtransactionStatus(connection_) == PQTRANS_IDLE;
}

}  // namespace rubricon::postgres
