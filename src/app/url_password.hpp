/// Passwords in the addresses of services, where they must not be seen: in the authority (RFC 3986
/// §3.2.1), or in a parameter `password=` as libpq takes it.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rubricon::app {

/// "amqp://me:secret@host" as "amqp://me:…@host"; `text` may have several addresses.
std::string without_passwords(std::string_view text);

/// Overwrites the passwords of addresses in a process's own arguments, where everybody on the
/// machine can read them. They could be read until then: they belong into variables or the file.
void hide_passwords(std::span<char*> arguments);

}  // namespace rubricon::app
