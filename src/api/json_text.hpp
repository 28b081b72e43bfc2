/// Writes JSON straight into a string. Parts that are JSON already (a stored document, an event's
/// data) go in without being parsed again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::api {

/// Commas are added where they belong; the caller keeps begins and ends in pairs. Texts must be
/// UTF-8.
class JsonText {
 public:
  JsonText& begin_object() { return open('{'); }
  JsonText& end_object() { return close('}'); }
  JsonText& begin_array() { return open('['); }
  JsonText& end_array() { return close(']'); }
  JsonText& key(std::string_view name);
  JsonText& text(std::string_view value);
  JsonText& number(std::int64_t value);
  JsonText& truth(bool value);
  JsonText& null() { return raw("null"); }
  /// `json` is a whole JSON value.
  JsonText& raw(std::string_view json);

  std::string take() { return std::move(out_); }

 private:
  JsonText& open(char bracket);
  JsonText& close(char bracket);
  void separate();

  std::string out_;
};

}  // namespace rubricon::api
