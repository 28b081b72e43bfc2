/// Texts that people write, parsed once at the edge into types that cannot be wrong.
#pragma once

#include <rubricon/base/result.hpp>

#include <string>
#include <string_view>

namespace rubricon::domain {

/// True for well-formed UTF-8 without surrogates and overlong forms (RFC 3629).
bool is_utf8(std::string_view bytes);

/// Number of UTF-16 units, which is how JavaScript counts. `text` must be UTF-8.
std::size_t utf16_length(std::string_view text);

/// A message's content: 1 to 32,768 bytes of UTF-8, not only white space, no NUL.
class MessageText {
 public:
  static constexpr std::size_t bytes_max = 32 * 1024;
  static base::Result<MessageText> parse(std::string_view text);
  const std::string& value() const { return value_; }
  bool operator==(const MessageText&) const = default;

 private:
  explicit MessageText(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

/// A chat's title: at most 200 characters on one line, trimmed, possibly empty.
class ChatTitle {
 public:
  static constexpr std::size_t characters_max = 200;
  ChatTitle() = default;
  static base::Result<ChatTitle> parse(std::string_view text);
  const std::string& value() const { return value_; }
  bool operator==(const ChatTitle&) const = default;

 private:
  explicit ChatTitle(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

/// A person's name as shown to others: 1 to 100 characters on one line, trimmed.
class DisplayName {
 public:
  static constexpr std::size_t characters_max = 100;
  static base::Result<DisplayName> parse(std::string_view text);
  const std::string& value() const { return value_; }
  bool operator==(const DisplayName&) const = default;

 private:
  explicit DisplayName(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

/// An e-mail address, lower-cased: the shape "local@host.tld", at most 254 bytes. Whether it exists
/// only a letter could tell.
class Email {
 public:
  static base::Result<Email> parse(std::string_view text);
  const std::string& value() const { return value_; }
  bool operator==(const Email&) const = default;

 private:
  explicit Email(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

/// A password: 8 to 256 bytes of UTF-8. Never logged, never stored, not printable by accident.
class Password {
 public:
  static constexpr std::size_t bytes_min = 8;
  static constexpr std::size_t bytes_max = 256;
  static base::Result<Password> parse(std::string_view text);
  const std::string& secret() const { return value_; }

 private:
  explicit Password(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

/// What a client chose to recognise its own request by: 1 to 64 visible ASCII characters.
class IdempotencyKey {
 public:
  static constexpr std::size_t bytes_max = 64;
  static base::Result<IdempotencyKey> parse(std::string_view text);
  const std::string& value() const { return value_; }
  bool operator==(const IdempotencyKey&) const = default;

 private:
  explicit IdempotencyKey(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

}  // namespace rubricon::domain
