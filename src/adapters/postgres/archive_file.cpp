#include <rubricon/postgres/archive_file.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace rubricon::postgres {
namespace {

constexpr std::string_view first_line = "rubricon-quarter 1";
constexpr std::string_view end_of_rows = "\\.";
constexpr std::size_t buffer_bytes = 1024 * 1024;
constexpr std::size_t line_bytes_max = 256 * 1024 * 1024;

[[noreturn]] void system_failed(const char* what, const std::filesystem::path& file) {
  throw ArchiveError(fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(errno)));
}

/// What stands behind `word` and a space.
std::optional<std::string_view> after(std::string_view line, std::string_view word) {
  if (!line.starts_with(word) || line.size() <= word.size() || line[word.size()] != ' ') {
    return std::nullopt;
  }
  return line.substr(word.size() + 1);
}

std::string counts_of(const std::vector<ArchiveTable>& tables) {
  std::string text = "rows";
  for (const auto& table : tables) text += fmt::format(" {}", table.rows);
  return text;
}

}  // namespace

ArchiveWriter::ArchiveWriter(std::filesystem::path file, Quarter quarter)
    : file_(std::move(file)), summary_{.quarter = quarter, .tables = {}, .sha256 = {}} {
  descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor_ < 0) system_failed("write", file_);
  put(fmt::format("{}\nquarter {}\n", first_line, quarter.to_string()));
}

ArchiveWriter::~ArchiveWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!finished_) ::unlink(file_.c_str());
}

void ArchiveWriter::begin_table(const std::string& name, const std::string& columns) {
  summary_.tables.push_back({.name = name, .columns = columns});
  put(fmt::format("table {} {}\n", name, columns));
}

void ArchiveWriter::row(std::string_view text) {
  ++summary_.tables.back().rows;
  put(text);
}

void ArchiveWriter::end_table() {
  put(fmt::format("{}\n", end_of_rows));
}

ArchiveSummary ArchiveWriter::finish() {
  put(counts_of(summary_.tables) + "\n");
  flush();
  summary_.sha256 = digest_.hex();
  buffer_ = fmt::format("sha256 {}\n", summary_.sha256);
  flush();
  if (::fsync(descriptor_) != 0) system_failed("write", file_);
  if (::close(std::exchange(descriptor_, -1)) != 0) system_failed("write", file_);
  finished_ = true;
  return summary_;
}

void ArchiveWriter::put(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() < buffer_bytes) return;
  flush();
}

void ArchiveWriter::flush() {
  if (summary_.sha256.empty()) digest_.add(buffer_);
  for (std::string_view left = buffer_; !left.empty();) {
    const auto written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) system_failed("write", file_);
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

/// The lines of a file, and the digest of those that were read.
class ArchiveReader::Lines {
 public:
  explicit Lines(std::filesystem::path file) : file_(std::move(file)) {
    descriptor_ = ::open(file_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0) system_failed("read", file_);
  }
  ~Lines() { ::close(descriptor_); }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  [[noreturn]] void wrong(std::string_view what) const {
    throw ArchiveError(
        fmt::format("{} is not a whole archive of a quarter: {}", file_.string(), what));
  }

  /// Without its newline; valid until the next call.
  std::string_view next() {
    std::size_t end;
    while ((end = buffer_.find('\n', begun_)) == std::string::npos) fill();
    const std::string_view line(buffer_.data() + begun_, end - begun_);
    last_ = {begun_, end + 1 - begun_};
    begun_ = end + 1;
    return line;
  }
  /// The line that next() gave belongs to what the digest is of.
  void digest() { digest_.add(std::string_view(buffer_).substr(last_.first, last_.second)); }
  std::string sha256() { return digest_.hex(); }

  bool at_end() {
    if (begun_ < buffer_.size()) return false;
    char byte = 0;
    return ::read(descriptor_, &byte, 1) == 0;
  }

 private:
  void fill() {
    if (buffer_.size() - begun_ > line_bytes_max) wrong("a line does not end");
    buffer_.erase(0, std::exchange(begun_, 0));
    const auto had = buffer_.size();
    buffer_.resize(had + buffer_bytes);
    const auto got = ::read(descriptor_, buffer_.data() + had, buffer_bytes);
    buffer_.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno != EINTR) system_failed("read", file_);
    if (got == 0) wrong("it ends too early");
  }

  std::filesystem::path file_;
  int descriptor_;
  std::string buffer_;
  std::size_t begun_ = 0;
  std::pair<std::size_t, std::size_t> last_;
  Sha256 digest_;
};

ArchiveReader::ArchiveReader(std::filesystem::path file)
    : lines_(std::make_unique<Lines>(std::move(file))), quarter_(Quarter::of({})) {
  if (lines_->next() != first_line) lines_->wrong("it does not begin as one of this version");
  lines_->digest();
  const auto name = after(lines_->next(), "quarter");
  const auto quarter = name ? Quarter::parse(*name) : std::nullopt;
  if (!quarter) lines_->wrong("it does not say which quarter it holds");
  lines_->digest();
  quarter_ = *quarter;
}

ArchiveReader::~ArchiveReader() = default;

bool ArchiveReader::next_table(ArchiveTable& table) {
  while (in_table_) rows();
  if (!end_.empty()) return false;
  const auto line = lines_->next();
  if (const auto head = after(line, "table")) {
    const auto space = head->find(' ');
    if (space == std::string_view::npos) lines_->wrong("a table has no columns");
    tables_.push_back({.name = std::string(head->substr(0, space)),
                       .columns = std::string(head->substr(space + 1))});
    table = tables_.back();
    in_table_ = true;
  } else {
    end_ = line;
  }
  lines_->digest();
  return in_table_;
}

std::string ArchiveReader::rows() {
  std::string some;
  while (in_table_ && some.size() < buffer_bytes) {
    const auto line = lines_->next();
    in_table_ = line != end_of_rows;
    if (in_table_) {
      ++tables_.back().rows;
      some.append(line).push_back('\n');
    }
    lines_->digest();
  }
  return some;
}

ArchiveSummary ArchiveReader::verify() {
  for (ArchiveTable rest; next_table(rest);) continue;
  if (end_ != counts_of(tables_)) lines_->wrong("it has not as many rows as it says");
  const auto digest = after(lines_->next(), "sha256");
  const std::string written(digest.value_or(""));
  if (written != lines_->sha256()) lines_->wrong("its checksum is another");
  if (!lines_->at_end()) lines_->wrong("it goes on after its end");
  return {.quarter = quarter_, .tables = tables_, .sha256 = written};
}

ArchiveSummary check_archive(const std::filesystem::path& file) {
  ArchiveReader reader(file);
  return reader.verify();
}

void sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) system_failed("open", folder);
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  if (!synced) system_failed("write", folder);
}

}  // namespace rubricon::postgres
