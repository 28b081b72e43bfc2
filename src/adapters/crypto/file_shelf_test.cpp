#include <rubricon/crypto/file_shelf.hpp>

#include <rubricon/ports/contract/secret_shelf_contract.hpp>

#include <cstdlib>

namespace rubricon::crypto {

class FileShelfHarness {
 public:
  FileShelfHarness() {
    auto name = (std::filesystem::temp_directory_path() / "rubricon-shelf-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~FileShelfHarness() { std::filesystem::remove_all(folder_); }
  std::unique_ptr<ports::SecretShelf> open() {
    return std::make_unique<FileShelf>(folder_ / "keys");
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace rubricon::crypto

namespace rubricon::ports::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Files, SecretShelfContract, crypto::FileShelfHarness);
}
