/// HTTP/1.1 on one connection that is kept, one request at a time; answers with a Content-Length.
#pragma once

#include "connection.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace bench {

class HttpClient : public Connection {
 public:
  /// `headers`: lines with their ends, sent with every request.
  HttpClient(const Loop& loop, Route route, std::string headers)
      : Connection(loop, route), headers_(std::move(headers)) {}

  void get(std::string_view path);
  void post(std::string_view path, std::string_view json);

 protected:
  virtual void answered(int status, std::string_view body) = 0;

 private:
  std::size_t consume(std::string_view bytes) override;

  std::string headers_;
};

}  // namespace bench
