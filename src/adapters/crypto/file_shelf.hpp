/// Secrets as files of one directory.
#pragma once

#include <rubricon/ports/secret_shelf.hpp>

#include <filesystem>

namespace rubricon::crypto {

/// The directory is 0700 and the files are 0600; files that others may read or write are refused.
class FileShelf final : public ports::SecretShelf {
 public:
  /// Makes the directory where it is missing.
  explicit FileShelf(std::filesystem::path directory);

  std::optional<std::string> read(const std::string& name) override;
  void write(const std::string& name, const std::string& content) override;
  std::string make(const std::string& name, const std::string& content) override;
  std::string version(const std::string& name) override;
  std::string place_of(const std::string& name) const override;

 private:
  std::filesystem::path directory_;
};

}  // namespace rubricon::crypto
