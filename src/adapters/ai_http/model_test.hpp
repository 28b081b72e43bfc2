/// A client with a scripted server behind it, on one thread beside that of HttpStream.
#pragma once

#include <rubricon/ai_http/ai_http_client.hpp>
#include <rubricon/ai_http/scripted_server_test.hpp>
#include <rubricon/base/cancellation.hpp>
#include <rubricon/domain/text.hpp>
#include <rubricon/memory/seeded_random.hpp>

#include <gtest/gtest.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>

namespace rubricon::ai_http {

class ModelTest : public ::testing::Test {
 protected:
  struct RealClock final : ports::Clock {
    base::Time now() const override { return base::time_from_unix_ms(1'795'384'115'000); }
    base::Instant monotonic() const override { return std::chrono::steady_clock::now(); }
  };

  ModelTest() {
    options.endpoint = Endpoint::parse(server.url(), LocalAddresses::allowed).value_or(Endpoint());
    options.local = LocalAddresses::allowed;
    options.key = "sk-very-secret";
    options.model = "tiny";
  }
  ~ModelTest() override {
    run(server.stop());
    run_until([this] { return http.size() == 0; });
  }

  template <typename T>
  T run(base::Task<T> task) {
    auto future = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
    run_until([&] { return is_ready(future); });
    return future.get();
  }
  template <typename T>
  static bool is_ready(std::future<T>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  void run_until(const std::function<bool()>& reached) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!reached()) {
      if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error("it hangs");
      io.restart();
      io.run_one_for(std::chrono::milliseconds(20));
    }
  }

  AiHttpClient& client() {
    if (!client_) client_.emplace(options, AiHttpClient::Tools{http, clock, random, log, metrics});
    return *client_;
  }
  base::Task<base::Result<ports::AiAnswer>> asking() {
    return client().answer(
        request,
        [this](std::string_view text) {
          EXPECT_TRUE(domain::is_utf8(text)) << text;
          delivered += text;
        },
        base::Deadline::after(clock.monotonic(), deadline));
  }
  base::Result<ports::AiAnswer> ask() {
    delivered.clear();
    auto answer = run(asking());
    if (answer) {
      EXPECT_EQ(answer->text, delivered);
    }
    return answer;
  }
  /// The fault that asking ends in; null where there is none.
  template <typename Fault>
  std::optional<Fault> fault() {
    try {
      const auto answer = ask();
      ADD_FAILURE() << (answer ? answer->text : answer.error().detail);
    } catch (const Fault& fault) {
      EXPECT_FALSE(std::string_view(fault.what()).contains(options.key));
      return fault;
    } catch (const std::exception& other) {
      ADD_FAILURE() << other.what();
    }
    return std::nullopt;
  }

  boost::asio::io_context io;
  RealClock clock;
  std::string logged;
  observability::Log log{
      {}, [] { return base::Time(); }, [this](std::string_view line) { logged += line; }};
  observability::Metrics metrics;
  memory::SeededRandom random;
  ScriptedServer server{io};
  HttpStream http;
  Options options;
  ports::AiRequest request{.message = "請設計評分規準"};
  base::Milliseconds deadline{60'000};
  std::string delivered;

 private:
  std::optional<AiHttpClient> client_;
};

}  // namespace rubricon::ai_http
