/// Answers in progress as client/src/sync/partial_answer.ts puts them together: overlaps are cut by
/// their offset, a higher attempt replaces a lower one, pieces with a hole before them wait for the
/// text so far.
#pragma once

#include <boost/json/object.hpp>

#include <map>
#include <string>

namespace rubricon::sim {

class PartialAnswers {
 public:
  struct Partial {
    std::int64_t attempt = 0;
    std::u16string text;  ///< counted as JavaScript does
  };

  /// The answer that the piece belongs to, with it; null where it changed nothing.
  const Partial* add(const boost::json::object& delta);

 private:
  std::map<std::string, Partial> by_job_;
};

/// What a piece of text is as UTF-8. Surrogate pairs are taken as they come.
std::string to_utf8(const std::u16string& text);

}  // namespace rubricon::sim
