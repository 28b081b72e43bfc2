#include <rubricon/ai_http/endpoint_policy.hpp>

#include <gtest/gtest.h>

namespace rubricon::ai_http {
namespace {

using enum LocalAddresses;

std::string url_of(std::string_view text, LocalAddresses local = refused) {
  const auto endpoint = Endpoint::parse(text, local);
  return endpoint ? endpoint->url() : "";
}

TEST(EndpointPolicyTest, a_url_is_read_up_to_chat_completions) {
  constexpr auto full = "https://api.example.com:443/v1/chat/completions";
  for (const auto* text :
       {"https://api.example.com/v1", "https://api.example.com/v1/",
        "https://api.example.com:443/v1", "https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1/chat/completions/"}) {
    EXPECT_EQ(url_of(text), full) << text;
  }
  EXPECT_EQ(url_of("https://api.example.com"), "https://api.example.com:443/chat/completions");
  EXPECT_EQ(url_of("https://1.1.1.1/v1"), "https://1.1.1.1:443/v1/chat/completions");
  EXPECT_EQ(url_of("https://[2606:4700::1111]:8443/a/b"),
            "https://[2606:4700::1111]:8443/a/b/chat/completions");
  const auto endpoint = Endpoint::parse("https://api.example.com:8443/x", refused);
  EXPECT_EQ(endpoint->origin(), "https://api.example.com:8443");
  EXPECT_EQ(endpoint->encryption, Encryption::tls);
}

TEST(EndpointPolicyTest, a_model_at_home_must_be_allowed) {
  for (const auto* text :
       {"http://127.0.0.1:11434/v1", "http://localhost:8080/v1", "http://ollama:11434/v1",
        "https://192.168.1.9/v1", "https://[::1]/v1", "https://[fd00::1]/v1"}) {
    EXPECT_NE(url_of(text, allowed), "") << text;
  }
  for (const auto* text : {"http://127.0.0.1:11434/v1", "http://localhost:8080/v1",
                           "https://127.0.0.1/v1", "https://10.0.0.1/v1", "https://[::1]/v1",
                           "https://192.168.1.9/v1", "https://[fd00::1]/v1"}) {
    EXPECT_EQ(url_of(text, refused), "") << text;
  }
}

TEST(EndpointPolicyTest, what_leads_nowhere_good_is_refused_even_where_home_is_allowed) {
  for (const auto* text :
       {"http://1.1.1.1/v1", "https://169.254.169.254/latest", "http://169.254.169.254/",
        "https://0.0.0.0/", "https://[::]/", "https://[fe80::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/", "https://255.255.255.255/"}) {
    EXPECT_EQ(url_of(text, allowed), "") << text;
  }
}

TEST(EndpointPolicyTest, numbers_that_are_no_usual_address_are_refused) {
  for (const auto* text :
       {"https://2130706433/", "https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://0x7f000001/",
        "https://127.1/", "https://127.0.1/", "https://017700000001/", "https://1.1.1.1./",
        "https://1.1.1.01/", "https://1.1.1.1.1/", "https://256.1.1.1/", "https://example.1/",
        "https://example.0xA/", "https://[1.1.1.1]/", "https://[::1%eth0]/", "https://[::1/",
        "https://::1/", "https://[]/"}) {
    EXPECT_EQ(url_of(text, allowed), "") << text;
  }
}

TEST(EndpointPolicyTest, other_schemes_users_and_odd_characters_are_refused) {
  for (const auto* text : {"",
                           "https://",
                           "ftp://a/",
                           "file:///etc/passwd",
                           "gopher://a/",
                           "HTTPS://a/",
                           "//a/",
                           "https://user@a/",
                           "https://a@b.c/",
                           "https://user:key@a/v1",
                           "https://a/v1?x=1",
                           "https://a/v1#x",
                           "https://a/v 1",
                           "https://a\\b/",
                           "https://a\tb/",
                           "https://a:0/",
                           "https://a:65536/",
                           "https://a:/",
                           "https://a:8x/",
                           "https://a:+1/",
                           "https://-a/",
                           "https://a-/",
                           "https://a..b/",
                           "https://.a/",
                           "https://a./",
                           "https://exämple.com/",
                           "https://ａ.com/",
                           "https://a%2eb/",
                           "https://a/\r\nHost: b",
                           "https://a/v1;x"}) {
    EXPECT_EQ(url_of(text, allowed), "") << text;
  }
  EXPECT_EQ(url_of("https://a/" + std::string(3'000, 'x')), "");
}

TEST(EndpointPolicyTest, an_error_repeats_nothing_of_the_url) {
  for (const auto* text : {"https://user:secret@a/", "https://a/secret?x", "secret://a",
                           "https://a:secret/", "http://secret.example/"}) {
    const auto endpoint = Endpoint::parse(text, refused);
    ASSERT_FALSE(endpoint.has_value());
    EXPECT_FALSE(endpoint.error().detail.contains("secret")) << endpoint.error().detail;
  }
}

}  // namespace
}  // namespace rubricon::ai_http
