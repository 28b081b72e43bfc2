/// A thread that keeps a connection: makes it when there is something to do, and again, with
/// growing patience, whenever it is lost. What is done with it is the session's.
#pragma once

#include <rubricon/base/backoff.hpp>
#include <rubricon/observability/log.hpp>
#include <rubricon/observability/metrics.hpp>
#include <rubricon/rabbitmq/connection.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace rubricon::rabbitmq {

/// What runs on the thread, and nowhere else.
class Session {
 public:
  virtual ~Session() = default;

  /// Whether a connection is needed (again).
  virtual bool wanted() = 0;
  /// Works on a fresh connection until `closing()` of its thread. Throws when it is lost.
  virtual void run(Connection& connection) = 0;
  /// The connection was lost, or could not be made (`established` no).
  enum class Stage { connecting, established };
  virtual void lost(Stage stage, const std::string& why) = 0;
  /// The last call.
  virtual void ended() = 0;
};

class WorkerThread {
 public:
  struct Place {
    Endpoint endpoint;
    Options options;
    const char* role;
    observability::Log& log;
    observability::Gauge& connected;
    observability::Counter& losses;
  };

  /// `session` is used until `close` returns.
  WorkerThread(Place place, Session& session);
  ~WorkerThread();
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;

  void start();
  /// Ends the session and the thread: in peace within `close_timeout`, by cutting the connection
  /// after that. A connection in the making ends after its time-outs. Harmless when repeated.
  void close();

  bool closing() const { return closing_.load(std::memory_order_relaxed); }
  /// Signalled whenever the session should look again.
  const std::shared_ptr<Wake>& wake() const { return wake_; }
  /// Makes the session lose its connection. From any thread.
  void cut() { lifeline_.cut(); }

 private:
  void loop();
  void connect_and_run(base::Backoff& backoff);
  void report(const std::exception& error);
  /// False where the thread is to end.
  bool wait_until_wanted();
  void rest(base::Milliseconds duration);

  Place place_;
  Session& session_;
  std::shared_ptr<Wake> wake_ = std::make_shared<Wake>();
  Lifeline lifeline_;
  std::atomic<bool> closing_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool has_ended_ = false;
  std::thread thread_;
};

}  // namespace rubricon::rabbitmq
