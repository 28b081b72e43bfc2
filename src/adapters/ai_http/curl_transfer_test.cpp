// TLS as libcurl is told to speak it: whom it believes, and that nothing is said before; and names
// with several addresses.
#include <rubricon/ai_http/curl_transfer.hpp>

#include <rubricon/ai_http/model_test.hpp>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <boost/asio/ssl.hpp>
#include <boost/asio/ssl/impl/src.hpp>

#include <array>
#include <filesystem>
#include <fstream>

namespace rubricon::ai_http {
namespace {

namespace ssl = boost::asio::ssl;

struct Certificate {
  std::string pem;
  std::string key_pem;
};

template <typename Write>
std::string written(Write write) {
  BIO* bio = BIO_new(BIO_s_mem());
  write(bio);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string out(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return out;
}

/// Signed by itself, for `subject_alternative`, valid from an hour ago for `seconds`.
Certificate certificate(const char* subject_alternative, long seconds) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* x509 = X509_new();
  X509_set_version(x509, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 7);
  X509_gmtime_adj(X509_getm_notBefore(x509), -3'600);
  X509_gmtime_adj(X509_getm_notAfter(x509), -3'600 + seconds);
  X509_set_pubkey(x509, key);
  auto* name = X509_get_subject_name(x509);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("a test"), -1, -1, 0);
  X509_set_issuer_name(x509, name);
  auto* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject_alternative);
  X509_add_ext(x509, extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(x509, key, EVP_sha256());
  Certificate out{.pem = written([&](BIO* bio) { PEM_write_bio_X509(bio, x509); }),
                  .key_pem = written([&](BIO* bio) {
                    PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
                  })};
  X509_free(x509);
  EVP_PKEY_free(key);
  return out;
}

class TlsTest : public ModelTest {
 protected:
  using tcp = boost::asio::ip::tcp;

  TlsTest() : tasks_(io.get_executor(), [](std::exception_ptr) {}) {
    ca_file_ = std::filesystem::temp_directory_path() /
               fmt::format("rubricon_ca_{}.pem", acceptor_.local_endpoint().port());
    options.ca_file = ca_file_;
    options.endpoint =
        Endpoint::parse(fmt::format("https://127.0.0.1:{}", acceptor_.local_endpoint().port()),
                        LocalAddresses::allowed)
            .value_or(Endpoint());
  }
  ~TlsTest() override {
    run(tasks_.stop());
    std::filesystem::remove(ca_file_);
  }

  /// Serves with `shown`, to a client that trusts `trusted`.
  void serve(const Certificate& shown, const Certificate& trusted) {
    std::ofstream(ca_file_) << trusted.pem;
    context_.use_certificate_chain(boost::asio::buffer(shown.pem));
    context_.use_private_key(boost::asio::buffer(shown.key_pem), ssl::context::pem);
    tasks_.spawn(serve_one());
  }

  std::string heard;  ///< by the server, decrypted

 private:
  base::Task<void> serve_one() {
    ssl::stream<tcp::socket> stream(co_await acceptor_.async_accept(boost::asio::use_awaitable),
                                    context_);
    co_await stream.async_handshake(ssl::stream_base::server, boost::asio::use_awaitable);
    for (std::array<char, 4096> piece{}; !heard.contains("\r\n\r\n");) {
      heard.append(piece.data(), co_await stream.async_read_some(boost::asio::buffer(piece),
                                                                 boost::asio::use_awaitable));
    }
    std::string answered = stream_head().text + token("安全") + finish() + done();
    co_await boost::asio::async_write(stream, boost::asio::buffer(answered),
                                      boost::asio::use_awaitable);
    co_await stream.async_shutdown(boost::asio::use_awaitable);
  }

  tcp::acceptor acceptor_{io, {boost::asio::ip::address_v4::loopback(), 0}};
  ssl::context context_{ssl::context::tls_server};
  std::filesystem::path ca_file_;
  base::TaskGroup tasks_;
};

constexpr long a_day = 86'400;

TEST_F(TlsTest, a_server_that_proves_who_it_is_is_asked) {
  const auto own = certificate("IP:127.0.0.1", a_day);
  serve(own, own);
  const auto answered = ask();
  ASSERT_TRUE(answered.has_value());
  EXPECT_EQ(answered->text, "安全");
  EXPECT_TRUE(heard.contains("Bearer sk-very-secret"));
}

TEST_F(TlsTest, a_server_that_nobody_vouches_for_hears_no_key) {
  serve(certificate("IP:127.0.0.1", a_day), certificate("IP:127.0.0.1", a_day));
  const auto seen = fault<ports::AiAway>();
  ASSERT_TRUE(seen);
  EXPECT_TRUE(std::string_view(seen->what()).contains("certificate")) << seen->what();
  EXPECT_EQ(heard, "");
}

TEST_F(TlsTest, a_server_of_another_name_hears_no_key) {
  const auto own = certificate("DNS:other.example,IP:127.0.0.2", a_day);
  serve(own, own);
  EXPECT_TRUE(fault<ports::AiAway>());
  EXPECT_EQ(heard, "");
}

TEST_F(TlsTest, a_server_whose_certificate_has_expired_hears_no_key) {
  const auto own = certificate("IP:127.0.0.1", 60);
  serve(own, own);
  EXPECT_TRUE(fault<ports::AiAway>());
  EXPECT_EQ(heard, "");
}

/// How a request to a name with these addresses ends. Nobody listens on its port.
TransferEnd end_at(const char* addresses) {
  boost::asio::io_context io;
  const auto transfer = std::make_shared<Transfer>(io.get_executor(),
                                                   HttpRequest{.url = "http://model.test:1/",
                                                               .encryption = Encryption::none,
                                                               .local = LocalAddresses::allowed,
                                                               .headers = {},
                                                               .body = "{}",
                                                               .ca_file = {}},
                                                   [] {});
  CurlTransfer curl(transfer);
  const auto resolved = std::string("model.test:1:") + addresses;
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> names(
      curl_slist_append(nullptr, resolved.c_str()), &curl_slist_free_all);
  curl_easy_setopt(curl.handle(), CURLOPT_RESOLVE, names.get());
  curl.finished(curl_easy_perform(curl.handle()));
  io.run();
  return transfer->end().value();
}

TEST(CurlTransferAddresses, a_forbidden_one_beside_one_that_is_down_is_not_why_it_failed) {
  EXPECT_EQ(end_at("127.0.0.1,169.254.169.254"), TransferEnd::broken);
  EXPECT_EQ(end_at("169.254.169.254,127.0.0.1"), TransferEnd::broken);
}

TEST(CurlTransferAddresses, a_name_that_leads_only_to_forbidden_ones_says_so) {
  EXPECT_EQ(end_at("169.254.169.254,169.254.1.1"), TransferEnd::forbidden);
}

}  // namespace
}  // namespace rubricon::ai_http
