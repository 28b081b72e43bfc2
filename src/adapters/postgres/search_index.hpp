/// What a text is found by, as PostgreSQL's text search stores and asks it. The terms are made by
/// domain/search_terms.hpp, so that every store finds the same; its own parsers, which know no
/// Chinese, are not used.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::postgres {

/// A tsvector in its text form; empty where the text has no terms. Of a term that occurs more than
/// 256 times PostgreSQL remembers 256 places.
std::string to_tsvector(std::string_view text);

/// A tsquery in its text form for each word of the query, at most domain::query_words_max.
std::vector<std::string> to_tsqueries(std::string_view query);

/// SQL condition on `c.id`, a chat of the user $1: each of the parameters `first`, `first` + 1, …
/// (`count` of them) is in its title or in any of its messages.
std::string search_condition(int first, std::size_t count);

}  // namespace rubricon::postgres
