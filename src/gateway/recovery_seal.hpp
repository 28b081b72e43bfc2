/// What the official client is given so that it can be recovered (connection state recovery), and
/// what is believed of it when it comes back. Both texts are sealed with the server's secret, so
/// nobody can make one; all that a server needs to know is in them, so any server can read them,
/// also one that has just started.
///
///     pid     names a session and belongs to one user. It is secret.
///     offset  a place in a chat: all events up to it have been sent. The same for all who hear an
///             event, because its bytes are shared; so it says nothing about who holds it.
#pragma once

#include <rubricon/domain/event.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rubricon::gateway {

using RecoverySecret = std::array<std::uint8_t, 32>;

/// A place in a chat's stream.
struct ChatPlace {
  domain::ChatId chat;
  domain::Position position;

  bool operator==(const ChatPlace&) const = default;
};

/// Immutable; safe to call from several threads.
class RecoverySeal {
 public:
  explicit RecoverySeal(const RecoverySecret& secret) : secret_(secret) {}

  using PidBytes = std::array<std::uint8_t, 15>;
  /// 48 characters of [A-Za-z0-9_-]. Official clients keep the offset of an earlier session:
  /// `offset_before`, the one that the client came with, does not count in this one.
  std::string pid(domain::UserId user, std::string_view offset_before,
                  const PidBytes& random) const;
  /// Whether `pid` was made for `user` by a server with this secret, and `offset` may be of its
  /// session.
  bool belongs(std::string_view pid, domain::UserId user, std::string_view offset) const;

  using Salt = std::array<std::uint8_t, 2>;
  /// 56 characters that need no escape in JSON. The place in an event has no salt. One that is told
  /// to one client has a random one, so that it is not the same text as the client had before.
  std::string offset(const ChatPlace& place, const Salt& salt = {}) const;
  /// Nothing where no server with this secret wrote it.
  std::optional<ChatPlace> place(std::string_view offset) const;

 private:
  using Mac = std::array<std::uint8_t, 32>;
  Mac mac(std::string_view purpose, std::span<const std::uint8_t> first,
          std::string_view second) const;

  RecoverySecret secret_;
};

}  // namespace rubricon::gateway
