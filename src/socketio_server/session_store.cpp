#include <rubricon/socketio_server/session_store.hpp>

#include <rubricon/socketio/session_id.hpp>

#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace rubricon::socketio_server {

std::string socket_id_of(std::string_view pid) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest;
  SHA256(reinterpret_cast<const unsigned char*>(pid.data()), pid.size(), digest.data());
  socketio::IdBytes bytes;
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  return socketio::make_id(bytes);
}

}  // namespace rubricon::socketio_server
