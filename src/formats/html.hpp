/// A page of HTML that prints as it is, and the tables that people copy out of Word, Excel, Sheets
/// and web pages.
#pragma once

#include <rubricon/formats/hidden_text.hpp>
#include <rubricon/formats/language.hpp>
#include <rubricon/formats/preview.hpp>

#include <string>
#include <string_view>

namespace rubricon::formats {

/// One file without anything from outside: A4 across, the heading row on every sheet, no row torn
/// apart, and a policy that lets nothing run.
std::string write_html(const domain::Rubric& rubric, Language language);

/// The first table that has two rows and two columns; a heading or caption before it is the title,
/// else the last paragraph. Of further tables a note says that they were left out.
/// Cells that span columns or rows fill the first of them. What is hidden is told, also
/// outside the table, and left out where nobody wants it.
Preview read_html_table(std::string_view utf8, HiddenTexts hidden, Notes notes);

}  // namespace rubricon::formats
