#include <rubricon/gateway/gateway_fixture_test.hpp>

#include <rubricon/base/pause.hpp>

namespace rubricon::gateway {

base::Task<base::Result<ports::PostedMessage>> DirectSubmitter::submit(ports::SubmitMessage message,
                                                                       base::Deadline deadline) {
  const auto chat = domain::ChatId::parse(message.chat_id);
  if (!chat) co_return base::fail(base::ErrorCode::not_found, "no such chat");
  const auto content = domain::MessageText::parse(message.content);
  if (!content) co_return std::unexpected(content.error());
  ports::PostMessage post{.user = message.sender.user, .chat = *chat, .content = *content};
  if (!message.client_id.empty()) {
    const auto key = domain::IdempotencyKey::parse(message.client_id);
    if (!key) co_return std::unexpected(key.error());
    post.key = *key;
  }
  co_return co_await messages_.post(std::move(post), deadline);
}

base::Task<base::Result<ports::Membership>> FlakyChats::when_let_go(domain::UserId user,
                                                                    domain::ChatId chat,
                                                                    base::Deadline deadline) {
  while (mood_.held || mood_.held_from > 0) co_await base::pause(base::Milliseconds(1));
  co_return co_await real_.membership(user, chat, deadline);
}

base::Task<std::vector<ports::Head>> FlakyChats::heads_when_let_go(
    std::vector<domain::StreamId> streams, base::Deadline deadline) {
  while (mood_.held) co_await base::pause(base::Milliseconds(1));
  co_return co_await real_.heads(std::move(streams), deadline);
}

namespace {

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "gateway-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("cannot make a folder for the test");
  return name;
}

}  // namespace

Options GatewayFixture::quick() {
  Options options;
  options.tick = base::Milliseconds(20);
  options.heads_every = base::Milliseconds(60);
  options.head_check_every = base::Milliseconds(60'000);
  options.head_check_alone = base::Milliseconds(20);
  options.presence_enter_debounce = base::Milliseconds(5);
  options.presence_leave_debounce = base::Milliseconds(20);
  options.chat_line_debounce = base::Milliseconds(5);
  options.retry_min = base::Milliseconds(5);
  return options;
}

GatewayFixture::GatewayFixture(Options options)
    : gateway_options(options),
      folder(make_folder()),
      database({.path = folder / "rubricon.db"}, clock, random),
      tokens({.current = crypto::Es256Key::generate(), .previous = {}}, {}, clock, random,
             revocations) {
  start_gateway();
}

GatewayFixture::~GatewayFixture() {
  stop_gateway();
  std::filesystem::remove_all(folder);
}

void GatewayFixture::start_gateway() {
  socketio_server::Environment environment{
      .now =
          [] {
            return std::chrono::steady_clock::now();
          },  // tidy: allow clock because heartbeats are real
      .random = [this](std::span<std::uint8_t> out) { random.fill(out); }};
  auto options = server_options(gateway_options);
  options.engine.allow_request = [this](const auto& handshake) {
    return gateway->why_not(handshake);
  };
  server = std::make_unique<socketio_server::Server>(io.get_executor(), std::move(environment),
                                                     std::move(options));
  http = std::make_unique<net::HttpServer>(io.get_executor(), net::HttpServerOptions{},
                                           server->http(), log, metrics);
  port = http->listen("127.0.0.1", 0);
  gateway = std::make_unique<Gateway>(
      io.get_executor(), *server,
      Services{tokens, revocations, revoked, chats, events, broker, ephemerals, presence,
               &connections, answers, submitter, clock, random, log, metrics},
      gateway_options);
  gateway->start();
  wait_until([this] { return gateway->ready(); });
}

void GatewayFixture::stop_gateway() {
  if (!gateway) return;
  run(gateway->drain());
  run(http->drain(base::Deadline::after(
      std::chrono::steady_clock::now(),
      std::chrono::minutes(1))));  // tidy: allow clock because sockets are real
  run(gateway->stop());
  gateway.reset();
  http.reset();
  server.reset();
}

domain::User GatewayFixture::make_user(const std::string& name) {
  ports::NewUser user{.email = domain::Email::parse(name + "@school.tw").value(),
                      .name = domain::DisplayName::parse(name).value(),
                      .password_hash = "$argon2id$x"};
  return run(database.users().create(std::move(user), ports::Admission::anybody, soon())).value();
}

domain::ChatId GatewayFixture::make_chat(const domain::User& owner) {
  ports::NewChat chat{.owner = owner.id, .title = domain::ChatTitle::parse("議論文").value()};
  const auto made = run(database.chats().create(std::move(chat), soon())).value();
  relay();
  return made.id;
}

void GatewayFixture::add_member(const domain::User& owner, domain::ChatId chat,
                                const domain::User& member) {
  const auto email = domain::Email::parse(member.email).value();
  const auto added =
      run(database.chats().add_member(owner.id, chat, email, domain::MemberRole::editor, soon()));
  ASSERT_TRUE(added) << added.error().detail;
  relay();
}

void GatewayFixture::remove_member(const domain::User& owner, domain::ChatId chat,
                                   const domain::User& member) {
  ASSERT_TRUE(run(database.chats().remove_member(owner.id, chat, member.id, soon())));
  relay();
}

ports::PostedMessage GatewayFixture::post(const domain::User& user, domain::ChatId chat,
                                          const std::string& content) {
  ports::PostMessage message{
      .user = user.id, .chat = chat, .content = domain::MessageText::parse(content).value()};
  const auto posted = run(database.messages().post(std::move(message), soon())).value();
  relay();
  return posted;
}

void GatewayFixture::post_many(const domain::User& user, domain::ChatId chat,
                               const std::string& content, int count) {
  const auto text = domain::MessageText::parse(content).value();
  std::vector<std::future<base::Result<ports::PostedMessage>>> posted;
  for (int n = 0; n < count; ++n) {
    ports::PostMessage message{.user = user.id, .chat = chat, .content = text};
    posted.push_back(boost::asio::co_spawn(io, database.messages().post(std::move(message), soon()),
                                           boost::asio::use_future));
  }
  for (auto& one : posted) {
    ASSERT_TRUE(run_until(
        io, [&] { return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }));
    ASSERT_TRUE(one.get());
  }
  relay();
}

void GatewayFixture::relay() {
  if (!broker.connected()) return;
  const auto rows = run(database.outbox().claim(500, base::Milliseconds(1'000), soon()));
  std::vector<std::shared_ptr<const domain::Event>> batch;
  std::vector<ports::OutboxId> ids;
  for (const auto& row : rows) {
    batch.push_back(std::make_shared<const domain::Event>(row.event));
    ids.push_back(row.id);
  }
  run(broker.publish(std::move(batch), soon()));
  run(database.outbox().erase(std::move(ids), soon()));
}

domain::SessionId GatewayFixture::open_session(const domain::User& user) {
  ports::TokenHash hash{};
  random.fill(hash);
  return run(database.sessions().open(user.id, hash, clock.now() + std::chrono::hours(24), soon()));
}

std::string GatewayFixture::token(const domain::User& user, domain::SessionId session) {
  return tokens.issue(user, session).token;
}

void GatewayFixture::wait_for_user_room(const domain::User& user, std::size_t sockets) {
  const auto room = domain::StreamId(user.id).to_string();
  EXPECT_TRUE(wait_until([&] { return server->of("/").room_size(room) == sockets; }));
}

void GatewayFixture::wait_for_client_events(std::uint64_t count) {
  const auto& events_seen = metrics.counter("rubricon_gateway_client_events_total", "");
  EXPECT_TRUE(wait_until([&] { return events_seen.value() >= count; }));
}

std::unique_ptr<SocketClient> GatewayFixture::dial() {
  return std::make_unique<SocketClient>(io, port);
}

std::unique_ptr<SocketClient> GatewayFixture::connect(const domain::User& user) {
  return connect_with(token(user));
}

std::unique_ptr<SocketClient> GatewayFixture::connect_with(const std::string& text) {
  auto client = dial();
  EXPECT_TRUE(client->connect(text));
  return client;
}

}  // namespace rubricon::gateway
