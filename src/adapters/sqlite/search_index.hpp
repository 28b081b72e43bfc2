/// Which chats have which words, in titles and messages. The index stores numbers and terms, no
/// texts, so taking a document out needs the text that was put in.
#pragma once

#include <rubricon/domain/ids.hpp>
#include <rubricon/sqlite/connection.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::sqlite {

/// The chat's title is its document 0; a message's is its seq.
inline constexpr domain::Seq title_document{0};

void index_document(Connection& db, domain::ChatId chat, domain::Seq document,
                    std::string_view text);
/// `text` is what index_document was given.
void unindex_document(Connection& db, domain::ChatId chat, domain::Seq document,
                      std::string_view text);

/// Whether the index finds the document by the words that `text` begins with.
bool is_found(Connection& db, domain::ChatId chat, domain::Seq document, std::string_view text);

/// One MATCH expression per query word; unset ones match everything. Empty optional overall where
/// there is nothing to look for.
using SearchExpressions = std::array<std::optional<std::string>, 8>;
std::optional<SearchExpressions> search_expressions(std::string_view query);

/// SQL condition on `c.number`: the chat has every word of the parameters ?first, ?first+1, … (as
/// many as SearchExpressions holds), each in its title or in any of its messages.
std::string search_condition(int first_parameter);

}  // namespace rubricon::sqlite
