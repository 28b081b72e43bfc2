#include <rubricon/ai_http/curl_transfer.hpp>

#include <sys/socket.h>
#include <unistd.h>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

namespace rubricon::ai_http {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t header_value_bytes_max = 200;

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  if (const auto code = curl_easy_setopt(easy, option, value); code != CURLE_OK) {
    throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
  }
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
  return text.substr(0, text.find_last_not_of(spaces) + 1);
}

std::optional<ip::address> address_of(const curl_sockaddr& from) {
  ip::tcp::endpoint endpoint;
  if (from.addrlen > endpoint.capacity()) return std::nullopt;
  std::memcpy(endpoint.data(), &from.addr, from.addrlen);
  if (from.family != AF_INET && from.family != AF_INET6) return std::nullopt;
  endpoint.resize(from.addrlen);
  return endpoint.address();
}

}  // namespace

CurlTransfer::CurlTransfer(std::shared_ptr<Transfer> transfer)
    : transfer_(std::move(transfer)), easy_(curl_easy_init()) {
  if (!easy_) throw std::runtime_error("libcurl: no handle");
  set_up();
}

void CurlTransfer::set_up() {
  const auto& request = transfer_->request();
  auto* easy = easy_.get();
  for (const auto& header : request.headers) add_header(header.c_str());
  add_header("Expect:");  // the body is small: nobody need ask first
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_QUICK_EXIT, 1L);  // a name that is not resolved yet must not hold up others
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!request.ca_file.empty()) set(easy, CURLOPT_CAINFO, request.ca_file.c_str());
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  set(easy, CURLOPT_TIMEOUT_MS,
      static_cast<long>(std::max(request.total_timeout, base::Milliseconds(1)).count()));
  set(easy, CURLOPT_HTTPHEADER, headers_.get());
  set(easy, CURLOPT_POST, 1L);
  set(easy, CURLOPT_POSTFIELDS, request.body.data());
  set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &on_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
}

void CurlTransfer::add_header(const char* header) {
  auto* longer = curl_slist_append(headers_.get(), header);
  if (longer == nullptr) throw std::bad_alloc();
  headers_.release();
  headers_.reset(longer);
}

void CurlTransfer::finished(CURLcode code) {
  if (code != CURLE_OK && forbidden_ && !tried_) {
    return Transfer::tell_end(transfer_, TransferEnd::forbidden,
                              "its name leads to an address that is not allowed");
  }
  if (too_large_) return Transfer::tell_end(transfer_, TransferEnd::too_large, "it is too long");
  if (code != CURLE_OK) {
    return Transfer::tell_end(transfer_, TransferEnd::broken, curl_easy_strerror(code));
  }
  tell_head();
  Transfer::tell_end(transfer_, TransferEnd::whole, {});
}

std::size_t CurlTransfer::on_header(char* data, std::size_t one, std::size_t size, void* self) {
  static_cast<CurlTransfer*>(self)->take_header({data, one * size});
  return one * size;
}

void CurlTransfer::take_header(std::string_view line) {
  if (line.starts_with("HTTP/")) head_ = {};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = lower_case(line.substr(0, colon));
  const auto value = trimmed(line.substr(colon + 1)).substr(0, header_value_bytes_max);
  if (name == "retry-after") head_.retry_after = value;
  if (name == "content-type")
    head_.content_type = lower_case(trimmed(value.substr(0, value.find(';'))));
}

void CurlTransfer::tell_head() {
  if (std::exchange(head_told_, true)) return;
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  head_.status = static_cast<int>(status);
  Transfer::tell_head(transfer_, head_);
}

std::size_t CurlTransfer::on_body(char* data, std::size_t one, std::size_t size, void* self) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const auto bytes = one * size;
  transfer.tell_head();
  transfer.received_ += bytes;
  if (transfer.received_ > transfer.transfer_->request().response_bytes_max) {
    transfer.too_large_ = true;
    return CURL_WRITEFUNC_ERROR;
  }
  Transfer::tell_bytes(transfer.transfer_, std::string(data, bytes));
  return bytes;
}

curl_socket_t CurlTransfer::on_socket(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& transfer = *static_cast<CurlTransfer*>(self);
  const auto& request = transfer.transfer_->request();
  const auto target = address_of(*address);
  if (purpose != CURLSOCKTYPE_IPCXN || !target ||
      !may_connect(*target, request.encryption, request.local)) {
    transfer.forbidden_ = true;
    return CURL_SOCKET_BAD;
  }
  // A name may have an allowed address beside one that is not, in either order.
  transfer.tried_ = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace rubricon::ai_http
