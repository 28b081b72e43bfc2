/// Zip archives in memory (XLSX and DOCX are such), made and read within bounds.
#pragma once

#include <rubricon/formats/note.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rubricon::formats {

struct ZipEntry {
  std::string name;
  std::string bytes;
};

/// Every entry is dated 1980-01-01, so that equal contents are equal files.
std::string write_zip(const std::vector<ZipEntry>& entries);

inline constexpr std::size_t zip_entries_max = 1'000;
inline constexpr std::size_t zip_expanded_bytes_max = 16 * 1024 * 1024;
inline constexpr std::size_t zip_ratio_max = 100;

/// An archive whose table of contents passed every bound before anything was expanded: entries,
/// sizes, ratio, names that leave their folder, archives inside, passwords, parts that overlap.
class ZipArchive {
 public:
  /// Nothing: the notes say why. `bytes` outlive the archive.
  static std::optional<ZipArchive> open(std::string_view bytes, Notes& notes);
  ~ZipArchive();
  ZipArchive(ZipArchive&&) noexcept;
  ZipArchive& operator=(ZipArchive&&) = delete;

  /// What the table of contents says of its size; 0 where there is none of that name.
  std::size_t size_of(const std::string& name) const;

  /// The entry's bytes; nothing where there is none, or where it is damaged or larger than the
  /// table of contents says.
  std::optional<std::string> read(const std::string& name);

 private:
  struct Handle;
  explicit ZipArchive(std::unique_ptr<Handle> handle);

  std::unique_ptr<Handle> handle_;
};

}  // namespace rubricon::formats
