/// Secrets as rows of the database, for processes on several machines.
#pragma once

#include <rubricon/base/time.hpp>
#include <rubricon/ports/secret_shelf.hpp>

#include <chrono>
#include <memory>

struct pg_conn;
struct pg_result;

namespace rubricon::postgres {

/// Has a connection of its own, made again when it was lost, and a table of its own, made where it
/// is missing: keys are needed before anything else is. Each call takes at most some seconds, or
/// half a minute where the server's machine is gone. Whoever may read the database may read them.
class SecretTable final : public ports::SecretShelf {
 public:
  /// Waits at most `patience` for the server.
  explicit SecretTable(std::string url, base::Milliseconds patience = std::chrono::seconds(30));

  std::optional<std::string> read(const std::string& name) override;
  void write(const std::string& name, const std::string& content) override;
  std::string make(const std::string& name, const std::string& content) override;
  std::string version(const std::string& name) override;
  std::string place_of(const std::string& name) const override;

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  struct Clear {
    void operator()(pg_result* result) const;
  };
  using Result = std::unique_ptr<pg_result, Clear>;

  void connect();
  void connect_patiently(base::Milliseconds patience);
  /// `name` and, unless null, `content` are $1 and $2. Once more where the connection was lost, as
  /// every statement here may be repeated.
  Result query(const char* sql, const std::string& name, const std::string* content = nullptr);
  /// In a transaction of its own.
  Result try_query(const char* sql, const std::string& name, const std::string* content);

  std::string url_;
  std::unique_ptr<pg_conn, Close> connection_;
};

}  // namespace rubricon::postgres
