/// `rubricon rubric export`, `import` and `formats`: rubrics as files, without a server.
#pragma once

#include <cstddef>
#include <string>

namespace rubricon::app {

struct RubricFileRequest {
  std::string file = "-";  ///< "-": standard input
  std::string format;      ///< of import: empty = what the file looks like
  std::string language;    ///< of export: empty = what the document says of itself
  std::size_t rubric = 1;  ///< of import: of a file with several, which one
  std::string hidden;      ///< of import: "keep" or "leave-out"; empty = "leave-out"
};

/// Reads a document in our JSON and writes it in that format to standard output; what the format
/// cannot hold is said on standard error. Returns the exit status.
int export_rubric_file(const RubricFileRequest& request);

/// The reverse: 1 where no rubric could be made of the file, with the reasons on standard error.
int import_rubric_file(const RubricFileRequest& request);

/// A line a format: its name, whether it goes out, in or both, and what it is.
int list_rubric_formats();

}  // namespace rubricon::app
