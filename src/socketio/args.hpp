/// The arguments of an event or of an acknowledgement: JSON values, with binary values anywhere in
/// the tree.
///
/// In the tree a binary value is stood in for by the placeholder that the wire uses,
/// `{"_placeholder":true,"num":i}`; `i` indexes `attachments()`. Nobody needs to write one:
/// `Args{1, Binary("...")}` and `attach()` make them, `binary()` reads them.
#pragma once

#include <rubricon/socketio/binary.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace rubricon::socketio {

/// One argument: whatever Boost.JSON makes a value of, or bytes.
class Arg {
 public:
  template <typename T>
    requires(!std::same_as<std::remove_cvref_t<T>, Arg> &&
             !std::same_as<std::remove_cvref_t<T>, Binary> &&
             std::constructible_from<boost::json::value, T &&>)
  Arg(T&& value)  // NOLINT: implicit, so that Args{1, "two"} reads as it should
      : content_(boost::json::value(std::forward<T>(value))) {}
  Arg(Binary bytes) : content_(std::move(bytes)) {}  // NOLINT: implicit, as above

  const std::variant<boost::json::value, Binary>& content() const { return content_; }

 private:
  std::variant<boost::json::value, Binary> content_;
};

/// A value type: copyable and comparable. Not shared between threads.
class Args {
 public:
  Args() = default;
  Args(std::initializer_list<Arg> items);
  /// For decoders: `values` holds placeholders that index `attachments`.
  Args(boost::json::array values, std::vector<Binary> attachments);

  std::size_t size() const { return values_.size(); }
  bool empty() const { return values_.empty(); }
  /// The argument at `index`, or a JSON null when there are fewer: arguments come from clients, so
  /// asking for one that is missing is no error.
  const boost::json::value& operator[](std::size_t index) const;

  void push(boost::json::value value);
  void push(Binary bytes);
  /// Registers `bytes` and returns the placeholder, to be put anywhere inside a value that is
  /// pushed.
  boost::json::value attach(Binary bytes);
  /// Drops the first argument (a room name before the arguments to pass on). No effect when empty.
  void pop_front();

  /// The bytes that `value` stands for, or null when it is no placeholder of these arguments.
  /// Valid until the arguments change.
  const Binary* binary(const boost::json::value& value) const;

  const boost::json::array& values() const { return values_; }
  std::span<const Binary> attachments() const { return attachments_; }

  bool operator==(const Args&) const = default;

 private:
  boost::json::array values_;
  std::vector<Binary> attachments_;
};

}  // namespace rubricon::socketio
