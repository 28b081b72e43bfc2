#include "senders.hpp"

#include "http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace bench {
namespace {

constexpr double forever = 1e6;  // seconds
constexpr const char* content = "What a teacher writes: about as long as this sentence is.";

class Run {
 public:
  explicit Run(const SendersOptions& options) : options_(options) {
    for (std::size_t n = 0; n < options.senders.size(); ++n) {
      const auto from = INADDR_LOOPBACK + static_cast<std::uint32_t>(n % options.addresses);
      people_.push_back(std::make_unique<Person>(*this, options.senders[n], from));
    }
  }

  void run() {
    for (const auto& person : people_) person->open();
    loop_.turn_until([&] { return entered_ == people_.size(); });
    if (options_.count == 0) work_for(options_.warm_up_seconds);
    latencies_.clear();
    done_ = 0;
    Span span(options_.servers);
    work_for(options_.count == 0 ? options_.seconds : forever);
    span.end();
    const auto messages = static_cast<double>(done_);
    fmt::print(R"({{"messages":{},"seconds":{:.3f},"perSecond":{:.1f},"cpuUs":{},"latency":{}}})"
               "\n",
               done_, span.seconds(), messages / span.seconds(), span.cpu_us_per(messages),
               latencies_.json());
  }

 private:
  class Person {
   public:
    Person(Run& run, const Sender& sender, std::uint32_t from)
        : run_(run),
          message_(fmt::format(R"({{"chatId":"{}","content":"{}","userId":"{}"}})", sender.chat,
                               content, sender.user)),
          body_(fmt::format(R"({{"chatId":"{}","content":"{}"}})", sender.chat, content)),
          ear_(*this, {.port = run.options_.port, .from = from},
               {.protocol = run.options_.protocol,
                .token = sender.token,
                .chat = sender.chat,
                .after = sender.after}) {
      if (run.options_.protocol == Protocol::rubricon) {
        const auto port = run.options_.rest_port ? run.options_.rest_port : run.options_.port;
        mouth_.emplace(*this, Route{.port = port, .from = from}, sender.token);
      }
    }

    void open() {
      if (mouth_) mouth_->open();
      if (run_.options_.deaf) {
        ++run_.entered_;
      } else {
        ear_.Connection::open();
      }
    }
    void send() {
      sent_ = now_ns();
      waiting_ = mouth_ && !run_.options_.deaf ? 2 : 1;
      if (mouth_) {
        mouth_->post("/api/chat/messages", body_);
      } else {
        ear_.send_text("42[\"send-msg\"," + message_ + "]");
      }
    }
    bool idle() const { return waiting_ == 0; }

   private:
    class Ear final : public Subscriber {
     public:
      Ear(Person& person, Route route, Membership membership)
          : Subscriber(person.run_.loop_, route, std::move(membership)), person_(person) {}

     private:
      void entered() override { ++person_.run_.entered_; }
      void heard_message(std::int64_t) override {
        if (person_.waiting_ == 0) throw std::runtime_error("a message came twice");
        person_.run_.latencies_.add(now_ns() - person_.sent_);
        person_.one_less();
      }
      Person& person_;
    };
    class Mouth final : public HttpClient {
     public:
      Mouth(Person& person, Route route, const std::string& token)
          : HttpClient(person.run_.loop_, route, "Authorization: Bearer " + token + "\r\n"),
            person_(person) {}

     private:
      void answered(int status, std::string_view body) override {
        if (status != 201) throw std::runtime_error("not stored: " + std::string(body));
        if (person_.run_.options_.deaf) person_.run_.latencies_.add(now_ns() - person_.sent_);
        person_.one_less();
      }
      Person& person_;
    };

    /// Of what it waits for: the answer to its POST, and its message.
    void one_less() {
      if (--waiting_ > 0) return;
      ++run_.done_;
      if (run_.working_) send();
    }

    Run& run_;
    std::string message_;
    std::string body_;
    Ear ear_;
    std::optional<Mouth> mouth_;
    std::int64_t sent_ = 0;
    int waiting_ = 0;
  };

  void work_for(double seconds) {
    const auto until = now_ns() + static_cast<std::int64_t>(seconds * second_ns);
    working_ = true;
    for (const auto& person : people_) person->send();
    while (now_ns() < until && (options_.count == 0 || done_ < options_.count)) loop_.turn(0);
    working_ = false;
    loop_.turn_until([&] {
      return std::ranges::all_of(people_, [](const auto& person) { return person->idle(); });
    });
  }

  const SendersOptions& options_;
  Loop loop_;
  std::vector<std::unique_ptr<Person>> people_;
  std::size_t entered_ = 0;
  std::uint64_t done_ = 0;
  bool working_ = false;
  Latencies latencies_;
};

}  // namespace

void send_and_wait(const SendersOptions& options) {
  Run(options).run();
}

}  // namespace bench
