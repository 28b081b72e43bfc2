/// One request as libcurl sees it. Lives on the thread of HttpStream.
#pragma once

#include <rubricon/ai_http/transfer.hpp>

#include <curl/curl.h>

#include <memory>
#include <string>
#include <string_view>

namespace rubricon::ai_http {

class CurlTransfer {
 public:
  /// Throws std::runtime_error where libcurl takes an option for wrong.
  explicit CurlTransfer(std::shared_ptr<Transfer> transfer);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* handle() const { return easy_.get(); }
  const std::shared_ptr<Transfer>& transfer() const { return transfer_; }
  /// libcurl is done with it.
  void finished(CURLcode code);

 private:
  static std::size_t on_header(char* data, std::size_t one, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t one, std::size_t size, void* self);
  static curl_socket_t on_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  void set_up();
  void add_header(const char* header);
  void take_header(std::string_view line);
  void tell_head();

  struct CloseEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  std::shared_ptr<Transfer> transfer_;
  std::unique_ptr<curl_slist, FreeList> headers_;  ///< outlives easy_
  std::unique_ptr<CURL, CloseEasy> easy_;
  HttpHead head_;
  std::size_t received_ = 0;
  bool head_told_ = false;
  bool forbidden_ = false;  ///< an address that it may not connect to was among those of its name
  bool tried_ = false;      ///< an allowed one was, too
  bool too_large_ = false;
};

}  // namespace rubricon::ai_http
