#include <rubricon/sqlite/connection.hpp>

#include <rubricon/base/assert.hpp>

#include <fmt/format.h>
#include <sqlite3.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace rubricon::sqlite {
namespace {

/// Virtual machine steps between two looks at the clock: some tens of microseconds.
constexpr int interrupt_interval_steps = 5'000;
/// SQLite never asks its files for more than the largest page, and they rely on it.
constexpr sqlite3_int64 rewrite_part_bytes = 65'536;

[[noreturn]] void throw_error(sqlite3* handle, int code) {
  const std::string what =
      fmt::format("sqlite: {} ({})", handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code), code);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_ERROR:
    case SQLITE_TOOBIG: throw Defect(what);
    default: throw Failure(what, code);
  }
}

int call_stop(void* stop) {
  return (*static_cast<std::function<bool()>*>(stop))() ? 1 : 0;
}

/// Through SQLite's own file, so that no second descriptor is opened and closed beside its locks.
void rewrite(sqlite3_file& file) {
  const auto check = [](int code) {
    if (code != SQLITE_OK) throw_error(nullptr, code);
  };
  sqlite3_int64 size = 0;
  check(file.pMethods->xFileSize(&file, &size));
  if (size == 0) return;
  std::vector<std::byte> part(rewrite_part_bytes);
  for (sqlite3_int64 offset = 0; offset < size; offset += rewrite_part_bytes) {
    const int length = static_cast<int>(std::min(size - offset, rewrite_part_bytes));
    check(file.pMethods->xRead(&file, part.data(), length, offset));
    check(file.pMethods->xWrite(&file, part.data(), length, offset));
  }
  check(file.pMethods->xSync(&file, SQLITE_SYNC_NORMAL));
}

sqlite3_destructor_type destructor(Lifetime lifetime) {
  return lifetime == Lifetime::copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() {
  if (!statement_) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* handle = sqlite3_db_handle(statement_);
  throw_error(handle, sqlite3_extended_errcode(handle));
}

bool Statement::null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::view(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::span<const std::uint8_t> Statement::blob(int column) const {
  const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (!bytes) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

base::Uuid Statement::uuid(int column) const {
  const auto bytes = blob(column);
  std::array<std::uint8_t, 16> id{};
  RUBRICON_ASSERT(bytes.size() == id.size());
  std::ranges::copy(bytes, id.begin());
  return base::Uuid(id);
}

void Statement::bind_integer(int parameter, std::int64_t value) {
  RUBRICON_ASSERT(sqlite3_bind_int64(statement_, parameter, value) == SQLITE_OK);
}

void Statement::bind_text(int parameter, std::string_view value, Lifetime lifetime) {
  // A null pointer would bind NULL instead of the empty text.
  const char* bytes = value.data() ? value.data() : "";
  const int code = sqlite3_bind_text64(statement_, parameter, bytes, value.size(),
                                       destructor(lifetime), SQLITE_UTF8);
  if (code != SQLITE_OK) throw_error(sqlite3_db_handle(statement_), code);
}

void Statement::bind_blob(int parameter, std::span<const std::uint8_t> value, Lifetime lifetime) {
  const void* bytes = value.data() ? static_cast<const void*>(value.data()) : "";
  const int code =
      sqlite3_bind_blob64(statement_, parameter, bytes, value.size(), destructor(lifetime));
  if (code != SQLITE_OK) throw_error(sqlite3_db_handle(statement_), code);
}

namespace {

/// SQLite's accounts of its memory take a lock of the process at each allocation, and nobody reads
/// them. Refused, without harm, where SQLite is in use already.
void keep_no_accounts_of_memory() {
  static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(code);
}

}  // namespace

Connection::Connection(const std::filesystem::path& path, base::Milliseconds busy_timeout) {
  keep_no_accounts_of_memory();
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const std::string what = fmt::format("sqlite: cannot open {}: {}", path.string(),
                                         handle_ ? sqlite3_errmsg(handle_) : "no memory");
    sqlite3_close(handle_);
    throw Failure(what, code);
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, static_cast<int>(busy_timeout.count()));
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  RUBRICON_ASSERT(sqlite3_close(handle_) == SQLITE_OK);
}

void Connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return;
  const int extended = sqlite3_extended_errcode(handle_);
  if (extended == SQLITE_IOERR_FSYNC) set_log_in_doubt(true);
  throw_error(handle_, extended);
}

void Connection::rewrite_log() {
  set_log_in_doubt(true);  // also for a close after this has failed
  sqlite3_file* log = nullptr;
  int code = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (code != SQLITE_OK) throw_error(nullptr, code);
  if (log->pMethods) rewrite(*log);
  set_log_in_doubt(false);
}

void Connection::set_log_in_doubt(bool in_doubt) {
  if (in_doubt == log_in_doubt_) return;
  // A checkpoint from a log that is stored in part only would leave a file that is neither old nor
  // new, should the power fail in it.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, in_doubt ? 1 : 0, nullptr);
  log_in_doubt_ = in_doubt;
}

void Connection::interrupt_when(std::function<bool()> stop) {
  stop_ = std::move(stop);
  if (stop_) {
    sqlite3_progress_handler(handle_, interrupt_interval_steps, call_stop, &stop_);
  } else {
    sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
  }
}

bool Connection::in_transaction() const {
  return sqlite3_get_autocommit(handle_) == 0;
}

Statement Connection::prepared(std::string_view sql) {
  ++statements_run_;
  sqlite3_stmt*& statement = statements_[sql.data()];
  if (!statement) {
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) throw_error(handle_, sqlite3_extended_errcode(handle_));
  }
  RUBRICON_ASSERT(!sqlite3_stmt_busy(statement));
  return Statement(statement);
}

std::int64_t Connection::changes() const {
  return sqlite3_changes64(handle_);
}

Snapshot::~Snapshot() {
  try {
    if (db_.in_transaction()) db_.execute("ROLLBACK");
  } catch (const std::exception&) {
    // The rollback of a transaction that only read cannot lose anything; the next BEGIN reports
    // whatever is wrong with the file.
  }
}

}  // namespace rubricon::sqlite
