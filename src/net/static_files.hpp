/// The browser client's files, served from memory so that no request waits for the disk.
#pragma once

#include <rubricon/base/result.hpp>
#include <rubricon/net/http_types.hpp>

#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace rubricon::net {

/// Immutable after `load`; safe to use from several threads.
class StaticFiles {
 public:
  /// Reads all files below `directory` except dotfiles; symbolic links that lead outside are left
  /// out. `x.br` and `x.gz` become the compressed forms of `x`. Fails with `not_found` when there
  /// is no index.html, `too_large` over `bytes_max`. Blocks on the disk: call at start.
  static base::Result<StaticFiles> load(const std::filesystem::path& directory,
                                        std::size_t bytes_max = 64 * 1024 * 1024);

  /// Answers GET and HEAD for a file, and with index.html for a path without a dot in its last
  /// segment when the client accepts text/html. Nothing otherwise: the caller answers 404 or 405.
  /// Names below /assets/ are hashed and cached for ever; all others are revalidated by ETag. Each
  /// carries the page's Content-Security-Policy (security_headers.hpp).
  std::optional<HttpResponse> serve(const HttpHead& head) const;

  std::size_t size() const { return files_.size(); }

 private:
  using Bytes = std::shared_ptr<const std::string>;
  struct File {
    Bytes plain, gzip, brotli;  ///< null: that form does not exist
    std::string etag;           ///< without quotes and suffix
    std::string content_type;
    bool immutable = false;
  };

  const File* find(const HttpHead& head) const;

  std::map<std::string, File, std::less<>> files_;  ///< by path, "/index.html"
};

}  // namespace rubricon::net
