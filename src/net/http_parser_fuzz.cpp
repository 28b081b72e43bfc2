// Requests as a connection reads them: heads, then bodies by their framing. Whatever the bytes, the
// pieces in which they come change nothing, and what is accepted keeps the parser's promises.
#include <rubricon/base/assert.hpp>
#include <rubricon/net/http_body.hpp>
#include <rubricon/net/http_parser.hpp>
#include <rubricon/net/utf8.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace {

using namespace rubricon::net;

constexpr HttpParserLimits limits{.head_bytes = 1'024, .target_bytes = 256, .header_count = 8};

void check_promises(const ParsedHead& parsed) {
  const auto& head = parsed.head;
  RUBRICON_ASSERT(is_token(head.method));
  RUBRICON_ASSERT(head.path == "*" || head.path.starts_with('/'));
  RUBRICON_ASSERT(is_valid_utf8(head.path));
  RUBRICON_ASSERT(head.path.find_first_of(std::string_view("\0\r\n\\", 4)) == std::string::npos);
  RUBRICON_ASSERT(!(head.path + "/").contains("/../"));
  RUBRICON_ASSERT(head.headers.size() <= limits.header_count);
  RUBRICON_ASSERT(head.headers.count("Host") <= 1);
  RUBRICON_ASSERT(head.headers.count("Content-Length") + head.headers.count("Transfer-Encoding") <=
                  1);
  for (const auto& [name, value] : head.headers) {
    RUBRICON_ASSERT(is_token(name));
    RUBRICON_ASSERT(is_field_value(value));
  }
  (void)head.cookie("rubricon-refresh");
  (void)parse_query(head.query);
}

/// A connection without its socket.
class Reader {
 public:
  void feed(std::string_view bytes) {
    input_.append(bytes);
    while (!ended_ && step()) {
    }
  }
  const std::string& story() const { return story_; }

 private:
  /// Whether there may be more to do with what is there.
  bool step() { return body_.done() ? take_head() : take_body(); }

  bool take_head() {
    if (input_.empty()) return false;
    const auto size = find_head_end(input_, scanned_, limits);
    if (!size) return refuse(size.error());
    if (*size == 0) return false;
    const auto parsed = parse_head(std::string_view(input_).substr(0, *size), limits);
    if (!parsed) return refuse(parsed.error());
    check_promises(*parsed);
    story_ += parsed->head.method + " " + parsed->head.path + "?" + parsed->head.query + "\n";
    for (const auto& [name, value] : parsed->head.headers) story_ += name + "=" + value + "\n";
    input_.erase(0, *size);
    scanned_ = 0;
    body_ = BodyDecoder(parsed->framing, parsed->content_length);
    return true;
  }

  bool take_body() {
    std::string_view rest(input_);
    auto output = body_.next(rest);
    for (; output.status == BodyDecoder::Status::data; output = body_.next(rest)) {
      story_.append(output.data);
    }
    input_.erase(0, input_.size() - rest.size());
    if (output.status == BodyDecoder::Status::failed) return refuse({400, "body"});
    return output.status == BodyDecoder::Status::done;
  }

  bool refuse(HttpRefusal refusal) {
    story_ += "refused " + std::string(refusal.code);
    ended_ = true;
    return false;
  }

  std::string input_;
  std::string story_;
  std::size_t scanned_ = 0;
  BodyDecoder body_;
  bool ended_ = false;
};

std::string read(std::string_view bytes, std::size_t piece) {
  Reader reader;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    reader.feed(bytes.substr(0, piece));
  }
  return reader.story();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto by_byte = read(bytes, 1);
  RUBRICON_ASSERT(by_byte == read(bytes, 1u + data[0] % 31));
  RUBRICON_ASSERT(by_byte == read(bytes, bytes.size() + 1));
  return 0;
}
