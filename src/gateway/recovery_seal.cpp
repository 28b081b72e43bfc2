#include <rubricon/gateway/recovery_seal.hpp>

#include <rubricon/socketio/base64.hpp>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace rubricon::gateway {
namespace {

constexpr std::size_t nonce_size = 20;  ///< of a pid, in characters
constexpr std::size_t before_size = 8;  ///< the offset before it, as a hash
constexpr std::size_t mac_size = 20;
constexpr std::size_t pid_size = nonce_size + before_size + mac_size;
constexpr std::size_t place_size = 16 + 8 + 8;  ///< of an offset, in bytes
constexpr std::size_t salt_size = std::tuple_size_v<RecoverySeal::Salt>;
constexpr std::size_t place_mac_size = 8;
constexpr std::size_t offset_size = place_size + salt_size + place_mac_size;

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64url(std::span<const std::uint8_t> bytes, std::size_t characters) {
  return socketio::encode_base64url(bytes.first(characters / 4 * 3));
}

void append_number(std::string& out, std::int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
}

std::int64_t number_at(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<std::uint8_t>(bytes[i]);
  return static_cast<std::int64_t>(number);
}

}  // namespace

RecoverySeal::Mac RecoverySeal::mac(std::string_view purpose, std::span<const std::uint8_t> first,
                                    std::string_view second) const {
  std::string text(purpose);
  text.append(reinterpret_cast<const char*>(first.data()), first.size());
  text += second;
  Mac mac{};
  unsigned int size = 0;
  ::HMAC(::EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return mac;
}

std::string RecoverySeal::pid(domain::UserId user, std::string_view offset_before,
                              const PidBytes& random) const {
  std::string pid = base64url(random, nonce_size);
  pid += base64url(mac("before", {}, offset_before), before_size);
  pid += base64url(mac("pid", user.uuid().bytes(), pid), mac_size);
  return pid;
}

bool RecoverySeal::belongs(std::string_view pid, domain::UserId user,
                           std::string_view offset) const {
  if (pid.size() != pid_size) return false;
  const auto sealed = pid.substr(0, nonce_size + before_size);
  if (!same(pid.substr(sealed.size()),
            base64url(mac("pid", user.uuid().bytes(), sealed), mac_size)))
    return false;
  return sealed.substr(nonce_size) != base64url(mac("before", {}, offset), before_size);
}

std::string RecoverySeal::offset(const ChatPlace& place, const Salt& salt) const {
  std::string bytes;
  bytes.reserve(offset_size);
  for (const auto byte : place.chat.uuid().bytes()) bytes += static_cast<char>(byte);
  append_number(bytes, place.position.epoch.value());
  append_number(bytes, place.position.seq.value());
  for (const auto byte : salt) bytes += static_cast<char>(byte);
  const auto seal = mac("offset", {}, bytes);
  bytes.append(reinterpret_cast<const char*>(seal.data()), place_mac_size);
  std::string text;
  socketio::append_base64(text, bytes);
  return text;
}

std::optional<ChatPlace> RecoverySeal::place(std::string_view offset) const {
  const auto bytes = socketio::decode_base64(offset);
  if (!bytes || bytes->size() != offset_size) return std::nullopt;
  const std::string_view sealed(bytes->data(), place_size + salt_size);
  const auto seal = mac("offset", {}, sealed);
  const std::string_view wanted(reinterpret_cast<const char*>(seal.data()), place_mac_size);
  if (!same(wanted, std::string_view(*bytes).substr(sealed.size()))) return std::nullopt;
  std::array<std::uint8_t, 16> chat{};
  std::ranges::copy(sealed.substr(0, chat.size()), chat.begin());
  return ChatPlace{
      domain::ChatId(base::Uuid(chat)),
      {domain::Epoch(number_at(sealed.substr(16))), domain::Seq(number_at(sealed.substr(24)))}};
}

}  // namespace rubricon::gateway
