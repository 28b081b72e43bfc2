#include <rubricon/sqlite/search_index.hpp>

#include <rubricon/domain/search_terms.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <tuple>

namespace rubricon::sqlite {
namespace {

static_assert(std::tuple_size_v<SearchExpressions> == domain::query_words_max);

/// Documents beyond this have no number in the index, and are not found.
constexpr std::int64_t document_max = (1 << 24) - 1;

/// Of a document's beginning, when it is looked for.
constexpr std::size_t phrase_max = 64;

std::string terms_of(std::string_view text) {
  return fmt::format("{}", fmt::join(domain::index_terms(text), " "));
}

}  // namespace

void index_document(Connection& db, domain::ChatId chat, domain::Seq document,
                    std::string_view text) {
  const std::string terms = terms_of(text);
  if (terms.empty() || document.value() > document_max) return;
  db.run(
      "INSERT INTO search (rowid, terms) "
      "SELECT number << 24 | ?2, ?3 FROM chats WHERE id = ?1",
      chat, document, terms);
}

void unindex_document(Connection& db, domain::ChatId chat, domain::Seq document,
                      std::string_view text) {
  const std::string terms = terms_of(text);
  if (terms.empty() || document.value() > document_max) return;
  db.run(
      "INSERT INTO search (search, rowid, terms) "
      "SELECT 'delete', number << 24 | ?2, ?3 FROM chats WHERE id = ?1",
      chat, document, terms);
}

bool is_found(Connection& db, domain::ChatId chat, domain::Seq document, std::string_view text) {
  auto terms = domain::index_terms(text);
  if (terms.empty() || document.value() > document_max) return true;
  if (terms.size() > phrase_max) terms.resize(phrase_max);
  auto row = db.query(
      "SELECT 1 FROM search WHERE search MATCH ?1 "
      "AND rowid = (SELECT number << 24 | ?2 FROM chats WHERE id = ?3)",
      fmt::format("\"{}\"", fmt::join(terms, " ")), document, chat);
  return row.step();
}

std::optional<SearchExpressions> search_expressions(std::string_view query) {
  const auto words = domain::query_words(query);
  if (words.empty()) return std::nullopt;
  SearchExpressions expressions;
  for (std::size_t i = 0; i < words.size(); ++i) {
    // Terms hold no quotes, so quoting is enough to make them literal.
    expressions[i] = fmt::format("\"{}\" *", fmt::join(words[i].terms, " "));
  }
  return expressions;
}

std::string search_condition(int first_parameter) {
  std::string condition;
  for (std::size_t i = 0; i < domain::query_words_max; ++i) {
    // tidy: allow sql because these are numbers of parameters
    condition += fmt::format(
        "{}(?{} IS NULL OR c.number IN (SELECT rowid >> 24 FROM search WHERE search MATCH ?{}))",
        i == 0 ? "" : " AND ", first_parameter + static_cast<int>(i),
        first_parameter + static_cast<int>(i));
  }
  return condition;
}

}  // namespace rubricon::sqlite
