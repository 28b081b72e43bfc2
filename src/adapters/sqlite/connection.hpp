/// One SQLite connection and its prepared statements, as thin as it can be. A connection belongs to
/// one thread.
#pragma once

#include <rubricon/base/fault.hpp>
#include <rubricon/base/id.hpp>
#include <rubricon/base/time.hpp>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace rubricon::sqlite {

/// The engine failed: disk full, read error, interrupted. Trying again later may help.
class Failure : public base::Unavailable {
 public:
  Failure(const std::string& what, int code) : base::Unavailable(what), code_(code) {}
  int code() const { return code_; }  ///< extended SQLite result code

 private:
  int code_;
};

/// A statement broke a constraint or was malformed: a bug in us, of this one call.
class Defect : public std::logic_error {
  using std::logic_error::logic_error;
};

/// Whether a bound text is copied or only referred to until the statement is reset.
enum class Lifetime { copied, borrowed };

/// A prepared statement on loan from its connection; given back, reset, at the end of its scope.
/// Columns count from 0, parameters from 1.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// True where there is a row to read. Throws Failure or Defect.
  bool step();

  bool null(int column) const;
  std::int64_t integer(int column) const;
  /// Valid until the next step.
  std::string_view view(int column) const;
  std::string text(int column) const { return std::string(view(column)); }
  /// Valid until the next step.
  std::span<const std::uint8_t> blob(int column) const;
  base::Uuid uuid(int column) const;

  template <typename Id>
  Id id(int column) const {
    return Id(uuid(column));
  }
  template <typename Id>
  std::optional<Id> optional_id(int column) const {
    return null(column) ? std::nullopt : std::optional(id<Id>(column));
  }
  template <typename Number>
  Number number(int column) const {
    return Number(integer(column));
  }
  base::Time time(int column) const { return base::time_from_unix_ms(integer(column)); }
  std::optional<base::Time> optional_time(int column) const {
    return null(column) ? std::nullopt : std::optional(time(column));
  }

  template <typename T>
  void bind(int parameter, const T& value, Lifetime lifetime) {
    if constexpr (requires { value.has_value(); }) {
      if (value.has_value()) bind(parameter, *value, lifetime);
    } else if constexpr (std::integral<T>) {
      bind_integer(parameter, static_cast<std::int64_t>(value));
    } else if constexpr (std::same_as<T, base::Time>) {
      bind_integer(parameter, base::unix_ms(value));
    } else if constexpr (requires { value.uuid().bytes(); }) {
      bind_blob(parameter, value.uuid().bytes(), lifetime);
    } else if constexpr (requires { value.value(); }) {
      bind(parameter, value.value(), lifetime);
    } else if constexpr (std::convertible_to<T, std::string_view>) {
      bind_text(parameter, value, lifetime);
    } else {
      bind_blob(parameter, std::span<const std::uint8_t>(value), lifetime);
    }
  }

 private:
  friend class Connection;
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  void bind_integer(int parameter, std::int64_t value);
  void bind_text(int parameter, std::string_view value, Lifetime lifetime);
  void bind_blob(int parameter, std::span<const std::uint8_t> value, Lifetime lifetime);

  sqlite3_stmt* statement_;
};

class Connection {
 public:
  /// Opens or creates. `busy_timeout` is how long to wait for another connection's lock.
  Connection(const std::filesystem::path& path, base::Milliseconds busy_timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs one or several statements without parameters and ignores their rows: pragmas, schema.
  void execute(const std::string& sql);

  /// Prepared once and kept for the connection's life: `sql` must be a literal or as immortal,
  /// since its address is the name under which the statement is kept. Arguments are copied.
  template <typename... Arguments>
  Statement query(std::string_view sql, const Arguments&... arguments) {
    Statement statement = prepared(sql);
    int parameter = 0;
    (statement.bind(++parameter, arguments, Lifetime::copied), ...);
    return statement;
  }

  /// Runs a statement to its end. Returns the number of rows that it changed.
  template <typename... Arguments>
  std::int64_t run(std::string_view sql, const Arguments&... arguments) {
    Statement statement = prepared(sql);
    int parameter = 0;
    (statement.bind(++parameter, arguments, Lifetime::borrowed), ...);
    while (statement.step()) {
    }
    return changes();
  }

  /// `stop` is asked now and then while a statement runs; once it says true, the statement throws
  /// Failure. An empty function unsets it.
  void interrupt_when(std::function<bool()> stop);

  bool in_transaction() const;

  /// A sync failed: the kernel may have dropped what it had not stored yet, and a later sync that
  /// succeeds says nothing about it. Until the log is rewritten nothing may build upon it, and
  /// closing leaves it beside the file.
  bool log_in_doubt() const { return log_in_doubt_; }
  /// Writes the write-ahead log over itself, byte by byte the same, and syncs it. For the one
  /// connection that writes, outside of transactions, after it has read something.
  void rewrite_log();

  /// Statements begun by query() and run().
  std::uint64_t statements_run() const { return statements_run_; }

 private:
  Statement prepared(std::string_view sql);
  std::int64_t changes() const;
  void set_log_in_doubt(bool in_doubt);

  sqlite3* handle_ = nullptr;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
  std::function<bool()> stop_;
  std::uint64_t statements_run_ = 0;
  bool log_in_doubt_ = false;
};

/// What several reads see as one instant. Reads only: it ends by forgetting.
class Snapshot {
 public:
  explicit Snapshot(Connection& db) : db_(db) { db_.execute("BEGIN"); }
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& db_;
};

}  // namespace rubricon::sqlite
