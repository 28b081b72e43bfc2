#include <rubricon/canary/probe.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/base/cancellation.hpp>
#include <rubricon/base/deadline.hpp>
#include <rubricon/base/id.hpp>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <utility>

namespace rubricon::canary {
namespace {

namespace json = boost::json;

/// By which the chat is found again; nobody else sees it.
constexpr std::string_view chat_title = "Rubricon canary";
constexpr std::int64_t chat_events_max = 2'000;
/// A greeting: it is answered at once and changes no rubric.
constexpr std::string_view greeting = "你好";

/// What the server answered is not what the contract says.
const json::value& at(const json::value& value, std::string_view name) {
  const auto* object = value.if_object();
  const auto* found = object ? object->if_contains(name) : nullptr;
  if (!found) throw Refused(fmt::format("the answer has no {}", name));
  return *found;
}

std::string text_at(const json::value& value, std::string_view name) {
  const auto& found = at(value, name);
  if (!found.is_string()) throw Refused(fmt::format("{} in the answer is no text", name));
  return std::string(found.get_string());
}

std::int64_t number_at(const json::value& value, std::string_view name) {
  boost::system::error_code failed;
  const auto number = at(value, name).to_number<std::int64_t>(failed);
  if (failed) throw Refused(fmt::format("{} in the answer is no number", name));
  return number;
}

bool is(const json::value& event, std::string_view name, const json::value& wanted) {
  const auto* object = event.if_object();
  const auto* found = object ? object->if_contains(name) : nullptr;
  return found && *found == wanted;
}

/// The code of a problem document, which no people wrote.
std::string code_in(const json::value& problem) {
  const auto* object = problem.if_object();
  const auto* code = object ? object->if_contains("code") : nullptr;
  return code && code->is_string() ? std::string(code->get_string()) : std::string("no code");
}

}  // namespace

std::string_view to_string(Step step) {
  switch (step) {
    case Step::sign_in: return "sign_in";
    case Step::chat: return "chat";
    case Step::connect: return "connect";
    case Step::join: return "join";
    case Step::store: return "store";
    case Step::hear: return "hear";
    case Step::answer: return "answer";
    case Step::sign_out: return "sign_out";
  }
  base::assertion_failed("a known Step", __FILE__, __LINE__);
}

Probe::Probe(rest_client::Target target, Account account, ProbeOptions options,
             const ports::Clock& clock, ports::Random& random)
    : target_(std::move(target)),
      account_(std::move(account)),
      options_(options),
      clock_(clock),
      random_(random) {}

base::Task<Outcome> Probe::run() {
  delays_ = {};
  step_ = Step::sign_in;
  std::optional<Failure> failure;
  try {
    co_await attempt();
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    failure = Failure{step_, rest_client::reason_of(error)};
  }
  auto left_open = co_await sign_out();
  if (!failure) failure = std::move(left_open);
  co_return Outcome{delays_, std::move(failure)};
}

base::Task<void> Probe::attempt() {
  co_await sign_in();
  step_ = Step::chat;
  co_await find_chat();
  step_ = Step::connect;
  EventSocket socket(target_);
  co_await socket.connect(token_, options_.call_timeout);
  step_ = Step::join;
  json::object join;
  join["chatId"] = chat_;
  const auto joined = co_await socket.request("join-chat", std::move(join), options_.call_timeout);
  if (!joined.is_object() || !joined.get_object().contains("ok")) {
    throw Refused("the chat could not be joined");
  }
  step_ = Step::store;
  const auto message = co_await post();
  co_await hear(&socket, message);
}

base::Task<void> Probe::sign_in() {
  json::object body;
  body["email"] = account_.email;
  body["password"] = account_.password;
  const auto session = co_await rest("POST", "/api/auth/login", std::move(body), 200);
  token_ = text_at(session, "accessToken");
}

base::Task<std::optional<Failure>> Probe::sign_out() {
  if (token_.empty()) co_return std::nullopt;
  std::optional<Failure> failure;
  try {
    co_await rest("POST", "/api/auth/logout", json::object(), 204);
  } catch (const std::exception& error) {
    if (base::is_cancellation(error)) throw;
    failure = Failure{Step::sign_out, rest_client::reason_of(error)};
  }
  token_.clear();
  co_return failure;
}

/// The newest chat of that title, or a new one; one that has grown long is deleted.
base::Task<void> Probe::find_chat() {
  chat_.clear();
  const auto list = co_await rest("GET", "/api/chat?limit=50", {}, 200);
  const auto* chats = at(list, "chats").if_array();
  if (!chats) throw Refused("the list of chats is no list");
  for (const auto& chat : *chats) {
    if (chat_.empty() && is(chat, "title", json::string(chat_title))) chat_ = text_at(chat, "id");
  }
  if (!chat_.empty()) {
    const auto chat = co_await rest("GET", "/api/chat/" + chat_, {}, 200);
    if (number_at(chat, "head") < chat_events_max) co_return;
    co_await rest("DELETE", "/api/chat/" + chat_, {}, 204);
  }
  json::object body;
  body["title"] = chat_title;
  chat_ = text_at(co_await rest("POST", "/api/chat", std::move(body), 201), "id");
}

base::Task<Probe::Message> Probe::post() {
  json::object body;
  body["chatId"] = chat_;
  body["content"] = greeting;
  body["clientId"] = new_client_id();
  const auto began = clock_.monotonic();
  const auto posted = co_await rest("POST", "/api/chat/messages", std::move(body), 201);
  delays_.stored = since(began);
  co_return Message{number_at(posted, "seq"), began};
}

base::Task<void> Probe::hear(EventSocket* socket, Message message) {
  step_ = Step::hear;
  auto until = base::Deadline::after(clock_.monotonic(), options_.hear_timeout);
  for (;;) {
    const auto left = std::chrono::ceil<base::Milliseconds>(until.remaining(clock_.monotonic()));
    if (left.count() == 0) throw Refused("no event in time");
    const auto event = co_await socket->next(left);
    if (!is(event.payload, "chatId", json::string(chat_))) continue;
    if (step_ == Step::hear) {
      if (event.name != "new-msg" || !is(event.payload, "seq", message.seq)) continue;
      delays_.heard = since(message.began);
      step_ = Step::answer;
      until = base::Deadline::after(clock_.monotonic(), options_.answer_timeout);
    } else if (is(event.payload, "replyTo", message.seq)) {
      if (event.name == "answer-failed") throw Refused("the assistant failed");
      if (event.name != "new-msg") continue;  // a piece of the answer
      delays_.answered = since(message.began);
      co_return;
    }
  }
}

base::Task<json::value> Probe::rest(std::string method, std::string path, json::value body,
                                    unsigned expected) {
  rest_client::RestRequest request{.method = std::move(method),
                                   .path = std::move(path),
                                   .authorization = token_.empty() ? "" : "Bearer " + token_,
                                   .traceparent = {},
                                   .body = body.is_null() ? "" : json::serialize(body)};
  auto reply = co_await rest_client::ask(target_, std::move(request), options_.call_timeout);
  if (reply.status != expected) {
    throw Refused(fmt::format("the server answered {} ({})", reply.status, code_in(reply.body)));
  }
  co_return std::move(reply.body);
}

base::Milliseconds Probe::since(base::Instant began) const {
  return std::chrono::ceil<base::Milliseconds>(clock_.monotonic() - began);
}

std::string Probe::new_client_id() {
  std::array<std::uint8_t, 10> random{};
  random_.fill(random);
  return base::Uuid::v7(base::unix_ms(clock_.now()), random).to_string();
}

}  // namespace rubricon::canary
