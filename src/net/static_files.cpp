#include <rubricon/net/static_files.hpp>

#include <rubricon/net/security_headers.hpp>

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace rubricon::net {
namespace fs = std::filesystem;
namespace {

constexpr auto content_types = std::to_array<std::pair<std::string_view, std::string_view>>({
    {".css", "text/css; charset=utf-8"},
    {".gif", "image/gif"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".jpeg", "image/jpeg"},
    {".jpg", "image/jpeg"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".otf", "font/otf"},
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".ttf", "font/ttf"},
    {".txt", "text/plain; charset=utf-8"},
    {".wasm", "application/wasm"},
    {".webmanifest", "application/manifest+json"},
    {".webp", "image/webp"},
    {".woff", "font/woff"},
    {".woff2", "font/woff2"},
    {".xml", "application/xml"},
});

std::string_view content_type_of(std::string_view path) {
  const auto dot = path.rfind('.');
  const auto extension = dot == std::string_view::npos ? std::string_view() : path.substr(dot);
  for (const auto& [known, type] : content_types) {
    if (equals_ignoring_case(known, extension)) return type;
  }
  return "application/octet-stream";
}

bool is_hidden(const fs::path& relative) {
  return std::ranges::any_of(relative,
                             [](const fs::path& part) { return part.native().starts_with('.'); });
}

std::string digest_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < 12; ++i) {
    text.push_back(digits[digest[i] >> 4]);
    text.push_back(digits[digest[i] & 15]);
  }
  return text;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `visit(element)` for each element of a comma-separated list.
template <typename Visit>
void for_each_element(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    visit(trim(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

/// Whether a list such as Accept-Encoding names `wanted` and does not give it the quality 0.
bool accepts(std::string_view list, std::string_view wanted) {
  bool found = false;
  for_each_element(list, [&found, wanted](std::string_view element) {
    const auto semicolon = element.find(';');
    if (!equals_ignoring_case(trim(element.substr(0, semicolon)), wanted)) return;
    found = true;
    if (semicolon == std::string_view::npos) return;
    const auto parameter = trim(element.substr(semicolon + 1));
    const bool is_quality = parameter.starts_with("q=") || parameter.starts_with("Q=");
    if (is_quality && parameter.substr(2).find_first_not_of("0.") == std::string_view::npos) {
      found = false;
    }
  });
  return found;
}

bool matches(std::string_view if_none_match, std::string_view etag) {
  bool found = false;
  for_each_element(if_none_match, [&found, etag](std::string_view element) {
    if (element.starts_with("W/")) element.remove_prefix(2);
    found |= element == etag || element == "*";
  });
  return found;
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// Regular files below `root` by their path as a URL has it, without hidden ones and without
/// links that lead outside.
base::Result<std::map<std::string, std::string>> read_tree(const fs::path& root,
                                                           std::size_t bytes_max) {
  std::map<std::string, std::string> files;
  std::error_code error;
  const auto inside = fs::canonical(root, error);
  if (error) return base::fail(base::ErrorCode::not_found, "no such directory: " + root.string());
  std::size_t total = 0;
  for (auto it = fs::recursive_directory_iterator(inside, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    const auto real = fs::canonical(it->path(), error);
    const auto relative = it->path().lexically_relative(inside);
    if (error || !fs::is_regular_file(real, error) || is_hidden(relative)) continue;
    if (*real.lexically_relative(inside).begin() == "..") continue;
    total += fs::file_size(real, error);
    if (total > bytes_max) {
      return base::fail(base::ErrorCode::too_large, "too many bytes below " + root.string());
    }
    if (auto bytes = read_file(real)) files["/" + relative.generic_string()] = *std::move(bytes);
  }
  return files;
}

}  // namespace

base::Result<StaticFiles> StaticFiles::load(const fs::path& directory, std::size_t bytes_max) {
  auto tree = read_tree(directory, bytes_max);
  if (!tree) return std::unexpected(std::move(tree.error()));
  if (!tree->contains("/index.html")) {
    return base::fail(base::ErrorCode::not_found, "no index.html in " + directory.string());
  }
  StaticFiles loaded;
  for (auto& [path, bytes] : *tree) {
    const auto base_path = path.substr(0, path.rfind('.'));
    const bool is_variant =
        (path.ends_with(".br") || path.ends_with(".gz")) && tree->contains(base_path);
    auto& file = loaded.files_[is_variant ? base_path : path];
    auto& form = !is_variant ? file.plain : path.ends_with(".br") ? file.brotli : file.gzip;
    if (!is_variant) {
      file.etag = digest_of(bytes);
      file.content_type = content_type_of(path);
      file.immutable = path.starts_with("/assets/");
    }
    form = std::make_shared<const std::string>(bytes);
  }
  return loaded;
}

std::optional<HttpResponse> StaticFiles::serve(const HttpHead& head) const {
  if (head.method != "GET" && head.method != "HEAD") return std::nullopt;
  const File* const file = find(head);
  if (file == nullptr) return std::nullopt;

  const auto encodings = head.header("Accept-Encoding").value_or("");
  const Bytes* form = &file->plain;
  std::string encoding;
  if (file->brotli && accepts(encodings, "br")) {
    form = &file->brotli;
    encoding = "br";
  } else if (file->gzip && accepts(encodings, "gzip")) {
    form = &file->gzip;
    encoding = "gzip";
  }

  // Each form is a representation of its own, so it has an ETag of its own.
  const auto etag = '"' + file->etag + (encoding.empty() ? "" : "-" + encoding) + '"';
  HttpResponse response;
  response.headers.add("ETag", etag);
  response.headers.add("Cache-Control",
                       file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (file->brotli || file->gzip) response.headers.add("Vary", "Accept-Encoding");
  add_page_policy(response.headers);
  if (matches(head.header("If-None-Match").value_or(""), etag)) {
    response.status = 304;
    return response;
  }
  response.headers.add("Content-Type", file->content_type);
  if (!encoding.empty()) response.headers.add("Content-Encoding", encoding);
  response.body = *form;
  return response;
}

const StaticFiles::File* StaticFiles::find(const HttpHead& head) const {
  if (const auto found = files_.find(head.path); found != files_.end()) return &found->second;
  const auto last_segment = head.path.substr(head.path.rfind('/') + 1);
  if (last_segment.contains('.')) return nullptr;
  // "/" itself is the page for whoever asks; other paths are the client's routes for browsers.
  const auto accept = head.header("Accept").value_or("");
  if (head.path != "/" && !accepts(accept, "text/html")) return nullptr;
  return &files_.at("/index.html");
}

}  // namespace rubricon::net
