#include <rubricon/app/rubric_files.hpp>

#include <rubricon/app/config_error.hpp>
#include <rubricon/formats/export.hpp>
#include <rubricon/formats/import.hpp>
#include <rubricon/formats/plain_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>

namespace rubricon::app {
namespace {

/// At most one byte more than any rubric may have: enough to see that it is too large.
std::string read_input(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path, std::ios::binary);
    if (!file) throw ConfigError(fmt::format("cannot read {}", path));
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::string bytes(formats::import_bytes_max + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

int write_output(const std::string& bytes) {
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() &&
                       std::fflush(stdout) == 0;
  if (!written) std::fprintf(stderr, "rubricon: standard output cannot be written\n");
  return written ? 0 : 1;
}

const formats::Format& named(const std::string& name) {
  const auto* format = formats::find_format(name);
  if (format == nullptr) {
    throw ConfigError(
        fmt::format("there is no format \"{}\"; `rubricon rubric formats` lists them", name));
  }
  return *format;
}

/// Quotes of the file may have signs in them that a terminal obeys: they are left out.
void say(const formats::Note& note) {
  std::string where;
  if (note.place.row > 0) where += fmt::format("row {}, ", note.place.row);
  if (note.place.column > 0) {
    where += fmt::format("column {}, ", formats::column_letters(note.place.column));
  }
  std::fprintf(stderr, "rubricon: %s: %s%s\n", to_string(note.severity), where.c_str(),
               formats::one_line(formats::visible(note.message.en).text).c_str());
}

}  // namespace

int export_rubric_file(const RubricFileRequest& request) {
  const auto& format = named(request.format);
  if (!format.can_export) {
    throw ConfigError(fmt::format("{} can only be imported", format.name));
  }
  const auto document =
      formats::import_rubric(read_input(request.file), {.format = formats::FormatId::json});
  std::ranges::for_each(document.notes, say);
  if (!document.rubric) return 1;
  auto language = formats::language_of(*document.rubric);
  if (!request.language.empty()) {
    const auto asked = formats::parse_language(request.language);
    if (!asked) throw ConfigError("the language is en, zh-TW or both");
    language = *asked;
  }
  const auto now = std::chrono::floor<base::Milliseconds>(std::chrono::system_clock::now());
  const auto exported =
      formats::export_rubric(*document.rubric, format, {.language = language, .changed_at = now});
  std::ranges::for_each(exported.warnings, say);
  return write_output(exported.bytes);
}

int import_rubric_file(const RubricFileRequest& request) {
  formats::ImportOptions options{
      .format = {}, .rubric = request.rubric - 1, .hidden = formats::HiddenTexts::left_out};
  if (!request.format.empty()) options.format = named(request.format).id;
  if (request.hidden == "keep") {
    options.hidden = formats::HiddenTexts::kept;
  } else if (!request.hidden.empty() && request.hidden != "leave-out") {
    throw ConfigError("--hidden is keep or leave-out");
  }
  const auto preview = formats::import_rubric(read_input(request.file), options);
  std::ranges::for_each(preview.notes, say);
  if (!preview.rubric) return 1;
  return write_output(domain::to_json(*preview.rubric) + "\n");
}

int list_rubric_formats() {
  constexpr std::array<const char*, 4> ways = {"", "in", "out", "out, in"};
  for (const auto& format : formats::all_formats()) {
    const auto way = (format.can_export ? 2u : 0u) + (format.can_import ? 1u : 0u);
    std::printf("%-15s %-8s %s\n", std::string(format.name).c_str(), ways.at(way),
                format.label.en.c_str());
  }
  return 0;
}

}  // namespace rubricon::app
