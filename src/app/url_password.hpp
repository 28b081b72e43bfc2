/// The password in the address of a service (RFC 3986, section 3.2.1), and where it must not be
/// seen.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace rubricon::app {

/// The part of `url` that is its password; empty where it has none. It lives as long as `url`.
std::string_view password_of(std::string_view url);

/// "amqp://me:secret@host" as "amqp://me:…@host"; several with commas, each.
std::string without_passwords(std::string_view urls);

/// Overwrites the passwords of addresses in a process's own arguments, where everybody on the
/// machine can read them. They could be read until then: they belong into variables or the file.
void hide_passwords(std::span<char*> arguments);

}  // namespace rubricon::app
