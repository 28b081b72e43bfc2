/// What goes wrong with a database, by what it means for whoever asked.
#pragma once

#include <rubricon/base/fault.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

struct pg_result;

namespace rubricon::postgres {

/// The server or the way to it failed; trying again may help.
class Failure : public base::Unavailable {
 public:
  enum class Kind {
    lost,      ///< the connection is gone; what was under way may or may not have been committed
    conflict,  ///< a deadlock, a key taken meanwhile: nothing was changed; a repetition should pass
    busy,      ///< a lock did not come in time: nothing was changed
    refused,   ///< anything else that is the server's state and passes: full, shutting down, slow
  };

  Failure(Kind kind, const std::string& what) : base::Unavailable(what), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// A statement broke a constraint or was malformed, or a row is not what we wrote: a bug in us, of
/// this one call.
class Defect : public std::logic_error {
  using std::logic_error::logic_error;
};

/// Throws what an error of the server is: Failure or Defect. Texts of rows are not in it.
[[noreturn]] void throw_error(const pg_result* result);

/// The same by SQLSTATE.
[[noreturn]] void throw_error(std::string_view state, const std::string& what);

}  // namespace rubricon::postgres
