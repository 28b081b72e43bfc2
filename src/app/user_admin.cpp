#include <rubricon/app/user_admin.hpp>

#include <rubricon/app/running_server.hpp>
#include <rubricon/domain/text.hpp>

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <cstdio>

namespace rubricon::app {
namespace {

namespace json = boost::json;

const char* text(const json::object& object, std::string_view name) {
  return object.at(name).as_string().c_str();
}

void print(const json::object& user) {
  std::printf("%s\t%s\t%s%s\n", text(user, "email"), text(user, "name"), text(user, "role"),
              user.at("disabled").as_bool() ? "\tdisabled" : "");
}

}  // namespace

int list_users(const Config& config) {
  RunningServer server(config);
  json::object body;
  body["after"] = "";
  for (;;) {
    const auto answer = server.ask("/admin/users/list", body).value();
    const auto& users = answer.at("users").as_array();
    if (users.empty()) return 0;
    for (const auto& user : users) print(user.as_object());
    body["after"] = users.back().at("email");
  }
}

int set_user_disabled(const Config& config, const std::string& email, bool disabled) {
  if (const auto parsed = domain::Email::parse(email); !parsed) {
    throw ConfigError(fmt::format("\"{}\" is no e-mail address", email));
  }
  json::object body;
  body["email"] = email;
  const auto answer =
      RunningServer(config).ask(disabled ? "/admin/users/disable" : "/admin/users/enable", body);
  if (!answer) {
    std::fprintf(stderr, "rubricon: nobody has the address %s\n", email.c_str());
    return 1;
  }
  if (disabled) {
    std::printf("%s is disabled; %lld sessions were ended\n", email.c_str(),
                static_cast<long long>(answer->at("sessionsEnded").to_number<std::int64_t>()));
  } else {
    std::printf("%s may sign in again\n", email.c_str());
  }
  return 0;
}

}  // namespace rubricon::app
