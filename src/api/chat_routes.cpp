#include <rubricon/api/chat_routes.hpp>

#include <rubricon/api/event_query.hpp>
#include <rubricon/api/idempotency.hpp>
#include <rubricon/api/object_reader.hpp>
#include <rubricon/api/query_reader.hpp>
#include <rubricon/api/wire.hpp>

#include <fmt/format.h>
#include <boost/json/serialize.hpp>

#include <charconv>

namespace rubricon::api {
namespace {

constexpr std::size_t context_bytes_max = 8 * 1024;
constexpr std::size_t kept_bytes_max = 16 * 1024 * 1024;  // of lists, and as much of chats
constexpr auto kept_lifetime = std::chrono::minutes(5);

/// The context as text, where there is one.
std::optional<domain::ContextJson> read_context(ObjectReader& reader) {
  const auto* object = reader.object("context");
  if (object == nullptr) return std::nullopt;
  auto text = boost::json::serialize(*object);
  if (text.size() <= context_bytes_max) return text;
  reader.report(base::Error{base::ErrorCode::too_large,
                            "must have at most 8192 bytes as JSON",
                            "context_too_long",
                            {}},
                "context");
  return std::nullopt;
}

struct Draft {
  domain::ChatTitle title;
  domain::ContextJson context = "{}";
};

base::Result<Draft> read_draft(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"title", "context"});
  auto title = reader.parsed<domain::ChatTitle>("title");
  auto context = read_context(reader);
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  Draft draft;
  if (title) draft.title = std::move(*title);
  if (context) draft.context = std::move(*context);
  return draft;
}

base::Result<ports::ChatPatch> read_patch(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"title", "context", "pinned"});
  reader.require_any();
  ports::ChatPatch patch;
  patch.title = reader.parsed<domain::ChatTitle>("title");
  patch.context = read_context(reader);
  patch.pinned = reader.truth("pinned");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return patch;
}

/// "<chat>:<seq>".
std::optional<ports::KnownEvent> parse_known(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto chat = domain::ChatId::parse(text.substr(0, colon));
  const auto digits = text.substr(colon + 1);
  std::int64_t seq = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [read, error] = std::from_chars(digits.data(), end, seq);
  if (!chat || error != std::errc() || read != end || seq < 0) return std::nullopt;
  return ports::KnownEvent{*chat, domain::Seq(seq)};
}

base::Result<ports::ChatQuery> read_query(const net::HttpHead& head) {
  constexpr std::int64_t limit_max = 100, limit_default = 50;
  constexpr std::size_t cursor_bytes_max = 512, search_bytes_max = 800, known_bytes_max = 64;
  QueryReader reader(head, {"limit", "cursor", "q", "min_seq"});
  const auto limit = reader.integer("limit", 1, limit_max);
  auto cursor = reader.text("cursor", cursor_bytes_max);
  auto search = reader.text("q", search_bytes_max);
  std::optional<ports::KnownEvent> known;
  if (const auto text = reader.text("min_seq", known_bytes_max)) {
    known = parse_known(*text);
    if (!known) reader.report("min_seq", "invalid_parameter", "must be <chat>:<seq>");
  }
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return ports::ChatQuery{static_cast<std::size_t>(limit.value_or(limit_default)),
                          std::move(cursor).value_or(""), std::move(search).value_or(""), known};
}

/// How new the answer has to be is no part of it.
std::string question_of(domain::UserId user, const ports::ChatQuery& query) {
  return fmt::format("{} {} {} {}", user.to_string(), query.limit, query.cursor, query.search);
}

base::Result<domain::Seq> read_mark(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  ObjectReader reader(*object, {"seq"});
  reader.require({"seq"});
  const auto seq = reader.integer("seq");
  if (seq && *seq < 0) reader.report("seq", "out_of_range", "must not be negative");
  if (auto done = reader.finish(); !done) return std::unexpected(std::move(done.error()));
  return domain::Seq(*seq);
}

net::HttpResponse summary_response(unsigned status, const ports::ChatSummary& summary) {
  JsonText json;
  write_summary(json, summary);
  return json_response(status, std::move(json));
}

ApiResult nothing_or_error(base::Result<void> result) {
  if (!result) return std::unexpected(std::move(result.error()));
  return no_content();
}

}  // namespace

ChatRoutes::ChatRoutes(const Services& services)
    : services_(services),
      lists_(kept_bytes_max, kept_lifetime),
      chats_(kept_bytes_max, kept_lifetime),
      views_(services.metrics.counter("rubricon_chat_views_total", "Chats that were opened")),
      fills_(services.metrics.counter(
          "rubricon_chat_views_filled_total",
          "Times that the last messages of a chat were read from the database to open it")),
      kept_(services.metrics.counter(
          "rubricon_kept_answers_total",
          "Lists and chats whose last answer still held and was given again")) {}

void ChatRoutes::add_to(Router& router) {
  const auto add = [&](Method method, std::string_view path, std::string_view name,
                       base::Task<ApiResult> (ChatRoutes::*function)(ApiRequest)) {
    router.add({method, path, name, Access::signed_in, [this, function](ApiRequest request) {
                  return (this->*function)(std::move(request));
                }});
  };
  add(Method::get, "/api/chat", "listChats", &ChatRoutes::list);
  add(Method::post, "/api/chat", "createChat", &ChatRoutes::create);
  add(Method::get, "/api/chat/{chatId}", "getChat", &ChatRoutes::view);
  add(Method::patch, "/api/chat/{chatId}", "updateChat", &ChatRoutes::update);
  add(Method::del, "/api/chat/{chatId}", "deleteChat", &ChatRoutes::remove);
  add(Method::post, "/api/chat/{chatId}/restore", "restoreChat", &ChatRoutes::restore);
  add(Method::get, "/api/chat/{chatId}/events", "listChatEvents", &ChatRoutes::events);
  add(Method::put, "/api/chat/{chatId}/read", "markRead", &ChatRoutes::mark_read);
}

base::Task<ApiResult> ChatRoutes::list(ApiRequest request) {
  auto query = read_query(*request.head);
  if (!query) co_return std::unexpected(std::move(query.error()));
  const auto question = question_of(request.user(), *query);
  if (lists_.has(question, services_.clock.monotonic())) {
    const auto now = co_await services_.chats.list_state(request.user(), *query, request.deadline);
    if (!now) co_return std::unexpected(now.error());
    if (const auto* const body = lists_.find(question, *now, services_.clock.monotonic())) {
      kept_.add();
      co_return json_response(200, *body);
    }
  }
  const auto page =
      co_await services_.chats.list(request.user(), std::move(*query), request.deadline);
  if (!page) co_return std::unexpected(page.error());
  JsonText json;
  json.begin_object().key("chats").begin_array();
  for (const auto& summary : page->chats) write_summary(json, summary);
  json.end_array().key("nextCursor");
  page->next_cursor.empty() ? json.null() : json.text(page->next_cursor);
  json.end_object();
  auto body = json.take();
  lists_.keep(question, state_of(*page), body, services_.clock.monotonic());
  co_return json_response(200, std::move(body));
}

base::Task<ApiResult> ChatRoutes::create(ApiRequest request) {
  auto draft = read_draft(request.body);
  if (!draft) co_return std::unexpected(std::move(draft.error()));
  auto key = idempotency_key(*request.head);
  if (!key) co_return std::unexpected(std::move(key.error()));
  ports::NewChat chat{request.user(), std::move(draft->title), std::move(draft->context),
                      std::move(*key), request.trace};
  auto created = co_await services_.chats.create(std::move(chat), request.deadline);
  if (!created) co_return std::unexpected(std::move(created.error()));
  ports::ChatSummary summary;
  summary.chat = std::move(*created);
  summary.role = domain::MemberRole::owner;
  auto response = summary_response(201, summary);
  response.headers.set("Location", "/api/chat/" + summary.chat.id.to_string());
  co_return response;
}

base::Task<ApiResult> ChatRoutes::view(ApiRequest request) {
  const auto question = request.user().to_string() + request.chat().to_string();
  if (chats_.has(question, services_.clock.monotonic())) {
    const auto now =
        co_await services_.chats.view_state(request.user(), request.chat(), request.deadline);
    if (!now) co_return std::unexpected(now.error());
    if (const auto* const body = chats_.find(question, *now, services_.clock.monotonic())) {
      kept_.add();
      views_.add();
      co_return json_response(200, *body);
    }
  }
  const auto view = co_await services_.chats.view(request.user(), request.chat(), request.deadline);
  if (!view) co_return std::unexpected(view.error());
  const auto messages = co_await recent_messages(&request, view->summary.chat);
  if (!messages) co_return std::unexpected(messages.error());
  JsonText json;
  write_view(json, *view, *messages);
  auto body = json.take();
  chats_.keep(question, state_of(*view), body, services_.clock.monotonic());
  co_return json_response(200, std::move(body));
}

/// As of the chat's head, or newer: what came since also comes as events, and changes nothing
/// twice.
base::Task<base::Result<ports::RecentPage>> ChatRoutes::recent_messages(const ApiRequest* request,
                                                                        domain::Chat chat) {
  const auto stored = [this, user = request->user(), id = chat.id, deadline = request->deadline] {
    fills_.add();
    return services_.messages.page(
        user, id, {.before = {}, .after = {}, .limit = ports::recent_messages_max}, deadline);
  };
  views_.add();
  auto page = co_await services_.recent_messages.read(chat.id, {chat.epoch, chat.last_seq}, stored,
                                                      request->deadline);
  // Somebody else asked for both of us, and may have no right any more.
  if (!page) page = co_await stored();
  co_return page;
}

base::Task<ApiResult> ChatRoutes::update(ApiRequest request) {
  auto patch = read_patch(request.body);
  if (!patch) co_return std::unexpected(std::move(patch.error()));
  const auto summary = co_await services_.chats.update(request.user(), request.chat(),
                                                       std::move(*patch), request.deadline);
  if (!summary) co_return std::unexpected(summary.error());
  co_return summary_response(200, *summary);
}

base::Task<ApiResult> ChatRoutes::remove(ApiRequest request) {
  auto done = co_await services_.chats.remove(request.user(), request.chat(), request.deadline);
  co_return nothing_or_error(std::move(done));
}

base::Task<ApiResult> ChatRoutes::restore(ApiRequest request) {
  const auto body = parse_object(request.body);
  if (!body) co_return std::unexpected(body.error());
  if (auto empty = ObjectReader(*body, {}).finish(); !empty) {
    co_return std::unexpected(std::move(empty.error()));
  }
  auto done = co_await services_.chats.restore(request.user(), request.chat(), request.deadline);
  co_return nothing_or_error(std::move(done));
}

base::Task<ApiResult> ChatRoutes::events(ApiRequest request) {
  auto query = read_event_query(*request.head, domain::StreamId(request.chat()));
  if (!query) co_return std::unexpected(std::move(query.error()));
  // The event store does not ask who reads.
  const auto member =
      co_await services_.chats.membership(request.user(), request.chat(), request.deadline);
  if (!member) co_return std::unexpected(member.error());
  query->min_seq = member->head.seq;
  const auto page = co_await services_.events.read(*query, request.deadline);
  JsonText json;
  write_events(json, page);
  co_return json_response(200, std::move(json));
}

base::Task<ApiResult> ChatRoutes::mark_read(ApiRequest request) {
  const auto seq = read_mark(request.body);
  if (!seq) co_return std::unexpected(seq.error());
  auto done =
      co_await services_.chats.mark_read(request.user(), request.chat(), *seq, request.deadline);
  co_return nothing_or_error(std::move(done));
}

}  // namespace rubricon::api
