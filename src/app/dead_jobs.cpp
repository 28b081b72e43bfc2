#include <rubricon/app/dead_jobs.hpp>

#include <rubricon/app/running_server.hpp>
#include <rubricon/domain/ids.hpp>

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <optional>
#include <vector>

namespace rubricon::app {
namespace {

namespace json = boost::json;

const char* text(const json::object& object, std::string_view name) {
  return object.at(name).as_string().c_str();
}

std::int64_t number(const json::object& object, std::string_view name) {
  return object.at(name).to_number<std::int64_t>();
}

/// Newest first, until `see` has seen enough and says false.
void each_dead_job(RunningServer& server, const std::function<bool(const json::object&)>& see) {
  json::object body;
  body["before"] = "";
  for (;;) {
    const auto answer = server.ask("/admin/jobs/dead/list", body).value();
    const auto& jobs = answer.at("jobs").as_array();
    if (jobs.empty()) return;
    for (const auto& job : jobs) {
      if (!see(job.as_object())) return;
    }
    body["before"] = jobs.back().at("id");
  }
}

/// Why it was not asked again; nothing where it was.
std::optional<std::string> refusal(RunningServer& server, const std::string& job) {
  json::object body;
  body["job"] = job;
  const auto answer = server.ask("/admin/jobs/dead/replay", body).value();
  const auto* refused = answer.if_contains("refused");
  if (refused == nullptr) return std::nullopt;
  return std::string(refused->as_string());
}

const std::string& checked(const std::string& job) {
  if (domain::JobId::parse(job)) return job;
  throw ConfigError(fmt::format("\"{}\" is not the id of a job; rubricon jobs dead list", job));
}

std::string in_words(const std::string& job, const std::string& refused) {
  if (refused == "assistant_off") {
    return fmt::format("{}: the assistant is switched off in its chat", job);
  }
  return fmt::format(
      "{} is not among the dead: it was asked again already, or its question is gone", job);
}

}  // namespace

int list_dead_jobs(const Config& config, std::size_t limit) {
  RunningServer server(config);
  std::size_t printed = 0;
  each_dead_job(server, [&](const json::object& job) {
    std::printf("%s\tchat %s\tquestion %lld\t%lld attempts\t%s\t%s\n", text(job, "id"),
                text(job, "chatId"), static_cast<long long>(number(job, "replyTo")),
                static_cast<long long>(number(job, "attempts")), text(job, "reason"),
                text(job, "failedAt"));
    return ++printed < limit;
  });
  if (printed == 0) std::puts("no question was given up");
  return 0;
}

int explain_dead_job(const Config& config, const std::string& job) {
  RunningServer server(config);
  int status = 1;
  checked(job);
  each_dead_job(server, [&](const json::object& dead) {
    if (dead.at("id").as_string() != job) return true;
    std::printf("Question %lld of chat %s was given up at %s after %lld attempts: %s.\n%s\n",
                static_cast<long long>(number(dead, "replyTo")), text(dead, "chatId"),
                text(dead, "failedAt"), static_cast<long long>(number(dead, "attempts")),
                text(dead, "reason"), text(dead, "explanation"));
    status = 0;
    return false;
  });
  if (status != 0) std::fprintf(stderr, "rubricon: %s\n", in_words(job, "").c_str());
  return status;
}

int replay_dead_job(const Config& config, const std::string& job) {
  RunningServer server(config);
  if (const auto refused = refusal(server, checked(job))) {
    std::fprintf(stderr, "rubricon: %s\n", in_words(job, *refused).c_str());
    return 1;
  }
  std::puts("asked again");
  return 0;
}

int replay_dead_jobs(const Config& config) {
  RunningServer server(config);
  std::vector<std::string> dead;  // first, since what fails again comes back
  each_dead_job(server, [&dead](const json::object& job) {
    dead.emplace_back(text(job, "id"));
    return true;
  });
  std::size_t asked = 0;
  for (const auto& job : dead) {
    const auto refused = refusal(server, job);
    if (!refused) ++asked;
    if (refused) std::fprintf(stderr, "rubricon: %s\n", in_words(job, *refused).c_str());
  }
  std::printf("%zu of %zu asked again\n", asked, dead.size());
  return asked == dead.size() ? 0 : 1;
}

}  // namespace rubricon::app
