/// What browsers are told not to do with answers of ours: run foreign code, guess types, show us in
/// frames, tell others where people were.
#pragma once

#include <rubricon/net/http_types.hpp>

namespace rubricon::net {

/// How people reach the server. Over https browsers are told to never try anything else (HSTS).
enum class PublicScheme { http, https };

/// For HttpServerOptions::every_answer. Its Content-Security-Policy is for what is no page: nothing
/// may be loaded or run.
HttpHeaders security_headers(PublicScheme scheme);

/// The Content-Security-Policy of the page: code and styles from files of our own only.
void add_page_policy(HttpHeaders& headers);

}  // namespace rubricon::net
