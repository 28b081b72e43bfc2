/// Reads the query of a URL as strictly as bodies are read.
#pragma once

#include <rubricon/base/id.hpp>
#include <rubricon/base/result.hpp>
#include <rubricon/net/http_types.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rubricon::api {

class QueryReader {
 public:
  /// Reports `unknown_parameter` for names that are not in `allowed`, and `invalid_parameter` for
  /// one that comes twice.
  QueryReader(const net::HttpHead& head, std::initializer_list<std::string_view> allowed);

  /// Decimal digits within [min, max]; `invalid_parameter` otherwise.
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
  /// UTF-8 without control characters, of at most `bytes_max` bytes.
  std::optional<std::string> text(std::string_view name, std::size_t bytes_max);

  /// An id as we write it.
  std::optional<base::Uuid> id(std::string_view name);
  /// What a caller finds wrong itself.
  void report(std::string_view name, const char* code, std::string message);

  base::Result<void> finish();

 private:
  const std::string* find(std::string_view name) const;

  std::vector<std::pair<std::string, std::string>> parameters_;
  std::vector<base::FieldError> fields_;
};

}  // namespace rubricon::api
