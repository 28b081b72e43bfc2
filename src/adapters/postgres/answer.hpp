/// What a statement answered: rows in binary, read by column.
#pragma once

#include <rubricon/base/id.hpp>
#include <rubricon/base/time.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct pg_result;

namespace rubricon::postgres {

/// A row of an Answer, valid while that lives. Columns count from 0. Reading a column as what it is
/// not is a bug, and asserted.
class Row {
 public:
  Row(const pg_result* result, int row) : result_(result), row_(row) {}

  bool null(int column) const;
  /// Of smallint, integer and bigint.
  std::int64_t integer(int column) const;
  bool boolean(int column) const;
  std::string_view view(int column) const;
  std::string text(int column) const { return std::string(view(column)); }
  std::span<const std::uint8_t> bytes(int column) const;
  base::Uuid uuid(int column) const;
  base::Time time(int column) const;
  /// Of an array of uuids without nulls; empty for null.
  std::vector<base::Uuid> uuids(int column) const;

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
  std::optional<base::Time> optional_time(int column) const {
    return null(column) ? std::nullopt : std::optional(time(column));
  }

 private:
  const pg_result* result_;
  int row_;
};

class Answer {
 public:
  /// Takes over a result that is no error.
  explicit Answer(pg_result* result);

  std::size_t size() const;
  bool empty() const { return size() == 0; }
  Row operator[](std::size_t row) const { return {result_.get(), static_cast<int>(row)}; }
  /// Only where it is not empty.
  Row front() const { return (*this)[0]; }
  /// Rows that INSERT, UPDATE or DELETE changed.
  std::int64_t changed() const;

  class Iterator {
   public:
    Iterator(const Answer* answer, std::size_t row) : answer_(answer), row_(row) {}
    Row operator*() const { return (*answer_)[row_]; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    const Answer* answer_;
    std::size_t row_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

}  // namespace rubricon::postgres
