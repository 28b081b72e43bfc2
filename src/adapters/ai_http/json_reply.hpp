/// Reads one string of a JSON object while the object is still being written: the reply of a model
/// that answers in `{"reply": "…", …}`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rubricon::ai_http {

/// Pure. Decodes what stands between the quotes of a JSON string, cut anywhere: escapes, surrogate
/// pairs and UTF-8 sequences are held back until they are whole. What is malformed becomes U+FFFD.
class JsonStringDecoder {
 public:
  /// Appends what `c` completes. False where `c` is the closing quote.
  bool take(char c, std::string& out);

 private:
  enum class State { text, escape, hex };

  void take_escape(char c, std::string& out);
  void take_hex(char c, std::string& out);
  void put(std::uint32_t code_point, std::string& out);
  void put_byte(char c, std::string& out);
  void drop_halves(std::string& out);

  State state_ = State::text;
  std::string sequence_;  ///< the beginning of a UTF-8 sequence
  std::uint32_t hex_ = 0;
  int hex_digits_ = 0;
  std::uint32_t high_surrogate_ = 0;  ///< waits for its low one
};

/// Pure. Finds the first member "reply" of the outermost object and decodes its string as it comes.
/// It checks only what it needs to find its way: whether the whole is JSON is for a parser to say
/// when all of it is there.
class JsonReplyReader {
 public:
  /// The text that these bytes add, in whole code points. `bytes` may be cut anywhere.
  std::string feed(std::string_view bytes);

  /// All of the reply is there.
  bool complete() const { return complete_; }
  /// The first byte that is no white space begins no object: this is something else.
  bool not_an_object() const { return place_ == Place::broken; }

 private:
  enum class Place {
    before,
    key_wanted,
    key,
    colon,
    value,
    reply,
    skipped,
    skipped_string,
    broken
  };

  void take(char c, std::string& out);
  void take_key(char c);
  void begin_value(char c);
  void take_skipped(char c);

  Place place_ = Place::before;
  JsonStringDecoder string_;
  std::string key_;
  std::size_t depth_ = 0;  ///< of the value that is skipped
  bool complete_ = false;
};

}  // namespace rubricon::ai_http
