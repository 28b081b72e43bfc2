#include <rubricon/postgres/search_index.hpp>

#include <rubricon/domain/search_terms.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rubricon::postgres {

// Terms hold no quotes and no backslashes, so quoting is enough to make them literal.

std::string to_tsvector(std::string_view text) {
  std::string vector;
  std::size_t place = 0;
  for (const auto& term : domain::index_terms(text)) {
    fmt::format_to(std::back_inserter(vector), "'{}':{} ", term, ++place);
  }
  return vector;
}

std::vector<std::string> to_tsqueries(std::string_view query) {
  std::vector<std::string> queries;
  for (const auto& word : domain::query_words(query)) {
    // Next to each other, the last one as a prefix.
    queries.push_back(fmt::format("'{}':*", fmt::join(word.terms, "' <-> '")));
  }
  return queries;
}

std::string search_condition(int first, std::size_t count) {
  std::string condition;
  for (std::size_t i = 0; i < count; ++i) {
    // tidy: allow sql because these are numbers of parameters
    condition += fmt::format(
        "{0}c.id IN (SELECT t.chat_id FROM chat_titles t "
        "JOIN chat_members tm ON tm.chat_id = t.chat_id AND tm.user_id = $1 "
        "WHERE t.terms @@ ${1}::tsquery UNION ALL "
        "SELECT n.chat_id FROM messages n "
        "JOIN chat_members nm ON nm.chat_id = n.chat_id AND nm.user_id = $1 "
        "WHERE n.terms @@ ${1}::tsquery)",
        i == 0 ? "" : " AND ", first + static_cast<int>(i));
  }
  return condition;
}

}  // namespace rubricon::postgres
