#include <rubricon/formats/zip.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/formats/plain_text.hpp>

#include <zip.h>

#include <algorithm>
#include <array>

namespace rubricon::formats {
namespace {

constexpr zip_uint16_t first_of_january_1980 = 0x21;
constexpr std::array<std::string_view, 13> archive_endings = {
    ".zip", ".xlsx", ".xlsm", ".docx", ".docm", ".pptx", ".odt",
    ".ods", ".jar",  ".7z",   ".gz",   ".rar",  ".epub"};

void refuse(Notes& notes, std::string code, const char* en, const char* zh) {
  notes.error({}, std::move(code), {.en = en, .zh_tw = zh});
}

bool leaves_its_folder(std::string_view name) {
  if (name.starts_with('/') || name.find('\\') != name.npos || name.find(':') != name.npos) {
    return true;
  }
  while (!name.empty()) {
    const auto end = std::min(name.find('/'), name.size());
    if (name.substr(0, end) == "..") return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

bool is_archive(std::string_view name) {
  const auto lower = folded(name);
  return std::ranges::any_of(archive_endings,
                             [&](std::string_view ending) { return lower.ends_with(ending); });
}

/// Looks at the table of contents alone.
bool is_safe(zip_t* archive, std::size_t file_bytes, Notes& notes) {
  const auto entries = zip_get_num_entries(archive, 0);
  if (entries < 0 || static_cast<std::size_t>(entries) > zip_entries_max) {
    refuse(notes, "zip_entries", "The file has more than 1,000 parts.",
           "檔案的內含部分超過 1,000 個。");
    return false;
  }
  std::uint64_t packed = 0;
  std::uint64_t expanded = 0;
  for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(entries); ++i) {
    zip_stat_t stat;
    constexpr zip_uint64_t needed = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if (zip_stat_index(archive, i, 0, &stat) != 0 || (stat.valid & needed) != needed) {
      refuse(notes, "zip_damaged", "The file is damaged.", "檔案已損壞。");
      return false;
    }
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
      refuse(notes, "password",
             "The file has a password. Save it without one, and import it again.",
             "檔案有密碼。請存成沒有密碼的檔案再匯入。");
      return false;
    }
    if (leaves_its_folder(stat.name)) {
      refuse(notes, "zip_path", "The file names parts outside of itself.",
             "檔案內含指向外部的路徑。");
      return false;
    }
    if (is_archive(stat.name)) {
      refuse(notes, "zip_nested", "The file has another file inside it. Remove what was embedded.",
             "檔案裡還嵌入其他壓縮檔，請先移除。");
      return false;
    }
    packed += std::min<std::uint64_t>(stat.comp_size, std::uint64_t{1} << 40u);
    expanded += std::min<std::uint64_t>(stat.size, std::uint64_t{1} << 40u);
  }
  if (packed > file_bytes) {
    refuse(notes, "zip_overlap", "The file is damaged: its parts overlap.",
           "檔案已損壞：內含部分互相重疊。");
    return false;
  }
  if (expanded > zip_expanded_bytes_max || expanded > file_bytes * zip_ratio_max) {
    refuse(notes, "zip_too_large", "The file is too large when it is unpacked.",
           "檔案解壓縮後太大。");
    return false;
  }
  return true;
}

}  // namespace

std::string write_zip(const std::vector<ZipEntry>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  RUBRICON_ASSERT(target != nullptr);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  RUBRICON_ASSERT(archive != nullptr);
  for (const auto& entry : entries) {
    zip_source_t* source =
        zip_source_buffer_create(entry.bytes.data(), entry.bytes.size(), 0, &error);
    RUBRICON_ASSERT(source != nullptr);
    const auto index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    RUBRICON_ASSERT(index >= 0);
    zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, first_of_january_1980, 0);
  }
  RUBRICON_ASSERT(zip_close(archive) == 0);
  RUBRICON_ASSERT(zip_source_open(target) == 0);
  zip_stat_t stat;
  RUBRICON_ASSERT(zip_source_stat(target, &stat) == 0);
  std::string out(stat.size, '\0');
  const auto read = zip_source_read(target, out.data(), out.size());
  RUBRICON_ASSERT(read == static_cast<zip_int64_t>(out.size()));
  zip_source_close(target);
  zip_source_free(target);
  zip_error_fini(&error);
  return out;
}

struct ZipArchive::Handle {
  zip_t* archive = nullptr;

  ~Handle() {
    if (archive != nullptr) zip_discard(archive);
  }
};

ZipArchive::ZipArchive(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
ZipArchive::ZipArchive(ZipArchive&&) noexcept = default;
ZipArchive::~ZipArchive() = default;

std::optional<ZipArchive> ZipArchive::open(std::string_view bytes, Notes& notes) {
  zip_error_t error;
  zip_error_init(&error);
  auto handle = std::make_unique<Handle>();
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) {
    handle->archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
    if (handle->archive == nullptr) zip_source_free(source);
  }
  zip_error_fini(&error);
  if (handle->archive == nullptr) {
    refuse(notes, "zip_damaged", "The file is damaged: it is not a whole zip archive.",
           "檔案已損壞：不是完整的壓縮檔。");
    return std::nullopt;
  }
  if (!is_safe(handle->archive, bytes.size(), notes)) return std::nullopt;
  return ZipArchive(std::move(handle));
}

std::size_t ZipArchive::size_of(const std::string& name) const {
  zip_stat_t stat;
  return zip_stat(handle_->archive, name.c_str(), 0, &stat) == 0 ? stat.size : 0;
}

std::optional<std::string> ZipArchive::read(const std::string& name) {
  zip_stat_t stat;
  if (zip_stat(handle_->archive, name.c_str(), 0, &stat) != 0) return std::nullopt;
  zip_file_t* file = zip_fopen(handle_->archive, name.c_str(), 0);
  if (file == nullptr) return std::nullopt;
  // One byte more than promised tells a promise that is a lie.
  std::string out(stat.size + 1, '\0');
  std::size_t used = 0;
  zip_int64_t read = 0;
  while (used < out.size() && (read = zip_fread(file, out.data() + used, out.size() - used)) > 0) {
    used += static_cast<std::size_t>(read);
  }
  zip_fclose(file);
  if (read < 0 || used != stat.size) return std::nullopt;
  out.resize(used);
  return out;
}

}  // namespace rubricon::formats
