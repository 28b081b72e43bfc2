/// A connection for commands that look after a database: it blocks, speaks in plain texts, and has
/// COPY, which pipelines do not have.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace rubricon::postgres {

/// One thread. Statements wait at most two seconds for a lock and take as long as they take; a
/// server that is gone is noticed within half a minute. Throws Failure, Defect.
class Session {
 public:
  explicit Session(const std::string& url);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  using Field = std::optional<std::string>;
  using Rows = std::vector<std::vector<Field>>;

  /// One statement; parameters are texts of what the statement says.
  Rows run(const std::string& sql, const std::vector<Field>& parameters = {});

  /// COPY … TO STDOUT: calls `take` with each row, its newline included.
  void copy_out(const std::string& sql, const std::function<void(std::string_view)>& take);
  /// COPY … FROM STDIN: calls `give` for whole rows, until it returns none. The rows are there when
  /// this has returned, and none of them when it throws.
  void copy_in(const std::string& sql, const std::function<std::string()>& give);

 private:
  [[noreturn]] void lost();
  void expect(pg_result* result, int status);
  void finish_copy();

  pg_conn* connection_;
};

/// What is done between BEGIN and COMMIT; rolled back where commit() was not called.
class SessionTransaction {
 public:
  explicit SessionTransaction(Session& session);
  ~SessionTransaction();
  SessionTransaction(const SessionTransaction&) = delete;
  SessionTransaction& operator=(const SessionTransaction&) = delete;

  void commit();

 private:
  Session& session_;
  bool open_ = true;
};

}  // namespace rubricon::postgres
