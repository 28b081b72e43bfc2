/// A Markdown document: the title as a heading, and one pipe table (GitHub's).
#pragma once

#include <rubricon/formats/language.hpp>
#include <rubricon/formats/preview.hpp>

#include <string>
#include <string_view>

namespace rubricon::formats {

/// Texts are text: what Markdown or HTML would take for its own is escaped.
std::string write_markdown(const domain::Rubric& rubric, Language language);

/// Whether there is a table: a line of dashes and pipes under a line with pipes.
bool is_markdown_table(std::string_view utf8);

/// The first table; the heading above it is the title. Rows are lines of the file.
Preview read_markdown(std::string_view utf8, Notes notes);

}  // namespace rubricon::formats
