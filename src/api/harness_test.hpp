/// The whole api on a real database in a folder of its own, called without a network. Every answer
/// is held against the contract as it comes.
#pragma once

#include <rubricon/api/contract_test.hpp>
#include <rubricon/api/router.hpp>
#include <rubricon/api/services.hpp>
#include <rubricon/domain/upload_progress.hpp>
#include <rubricon/memory/manual_clock.hpp>
#include <rubricon/ports/password_login.hpp>

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace rubricon::api {

namespace json = boost::json;

struct Call {
  std::string method = "GET";
  std::string target;
  std::string body;
  std::string token;
  /// One with an empty value takes a default away.
  std::vector<net::HttpHeader> headers;
};

struct Reply {
  unsigned status = 0;
  net::HttpHeaders headers;
  std::string text;

  json::object body() const { return json::parse(text).as_object(); }
  std::string code() const { return std::string(body().at("code").as_string()); }
  std::string header(std::string_view name) const {
    return std::string(headers.get(name).value_or(""));
  }
  /// The name=value of the cookie that was set.
  std::string cookie() const {
    const auto value = header("Set-Cookie");
    return value.substr(0, value.find(';'));
  }
};

/// What it costs to answer, in things that take time.
struct Work {
  std::uint64_t writes = 0;
  std::uint64_t write_statements = 0;
  std::uint64_t reads = 0;
  std::uint64_t read_statements = 0;
  std::uint64_t hashes = 0;

  bool operator==(const Work&) const = default;
};

struct Account {
  std::string id;
  std::string email;
  std::string token;
  std::string cookie;
};

class ApiFixture : public testing::Test {
 protected:
  static constexpr const char* password = "correct horse battery";

  ApiFixture();
  ~ApiFixture() override;

  /// In place of the database's own.
  struct StandIns {
    ports::UserStore* users = nullptr;
    ports::SessionStore* sessions = nullptr;
  };
  /// Makes the api anew, with `options` as they are now: a restart.
  void start(StandIns stand_ins);
  void start() { start({}); }
  /// The database's own.
  ports::UserStore& users();

  Reply call(const Call& request);
  /// Calls it and forgets the answer: whoever looks at a clock sees this.
  Work work_of(const Call& request);
  Reply get(const std::string& target, const std::string& token);
  Reply send(const std::string& method, const std::string& target, const json::value& body,
             const std::string& token);
  Reply remove(const std::string& target, const std::string& token);

  Account sign_up(const std::string& name);
  /// Signs in with `password` by a door of the same process that is not REST and is for `only`.
  base::Result<ports::SessionUser> enter(const std::string& email, domain::UserRole only);
  /// As `rubricon user disable` and `enable` do.
  void set_disabled(const std::string& email, bool disabled);
  std::string new_chat(const Account& owner, const json::object& body = {});
  std::string say(const Account& author, const std::string& chat, const std::string& content);
  /// Every question that is open ends in a failure, as where a worker gives up.
  void give_up(const std::string& reason);
  /// As the part that takes uploads reports it.
  void report_upload(const Account& owner, const std::string& upload, const std::string& file,
                     const domain::FileProgress& progress);
  void share(const Account& owner, const std::string& chat, const Account& with,
             const std::string& role);

  const Router& router() const;
  /// Everything that was logged so far.
  std::string log_lines() const;

  memory::ManualClock clock;
  Options options;
  const Contract contract;

 private:
  struct World;

  void check(const Call& request, const Reply& reply);
  Work work();

  std::unique_ptr<World> world_;
};

}  // namespace rubricon::api
