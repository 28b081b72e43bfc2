/// The part of World that fills the store before a run: people, chats, sign-ins.
#include <rubricon/sim/world.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/sim/fatal.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::array<const char*, 4> names = {"ann", "bob", "eve", "ida"};

base::Deadline no_hurry(const Loop& loop) {
  return base::Deadline::after(loop.monotonic(), 1h);
}

}  // namespace

void World::furnish() {
  base::TaskGroup setup(loop.executor(), fatal_error);
  setup.spawn(furnish_store());
  const bool done = loop.run_until([&] { return setup.size() == 0; }, loop.elapsed() + 10s);
  RUBRICON_ASSERT(done);
}

base::Task<void> World::furnish_store() {
  memory::DatabaseClient client(database);
  auto choose = dice("people");
  const auto count = choose.between(2, static_cast<std::int64_t>(names.size()));
  for (std::int64_t n = 0; n < count; ++n) {
    co_await add_person(&client.users(), names.at(static_cast<std::size_t>(n)));
  }
  const auto chats = choose.between(1, 3);
  for (std::int64_t n = 0; n < chats; ++n) {
    co_await add_room(&client.chats(), static_cast<std::size_t>(n));
  }
  for (std::size_t person = 0; person < people.size(); ++person) {
    const auto of_person = choose.between(1, 2);
    for (int n = 1; n <= of_person; ++n) co_await add_device(&client.sessions(), person, n);
  }
}

base::Task<void> World::add_person(ports::UserStore* users, std::string name) {
  auto user = co_await users->create({.email = *domain::Email::parse(name + "@school.test"),
                                      .name = *domain::DisplayName::parse(name),
                                      .locale = domain::Locale::en,
                                      .password_hash = "plain"},
                                     ports::Admission::anybody, no_hurry(loop));
  RUBRICON_ASSERT(user);
  recorder.name_user(user->id, name);
  people.push_back({*user, std::move(name)});
}

base::Task<void> World::add_room(ports::ChatStore* chats, std::size_t number) {
  auto choose = dice("room " + std::to_string(number));
  Room room{.chat = {},
            .name = "chat-" + std::to_string(number + 1),
            .owner = choose.below(people.size()),
            .members = {}};
  const auto owner = people[room.owner].user.id;
  auto chat = co_await chats->create({.owner = owner,
                                      .title = *domain::ChatTitle::parse(room.name),
                                      .context = choose.chance(0.25) ? R"({"ai":"off"})" : "{}",
                                      .key = std::nullopt,
                                      .trace = {}},
                                     no_hurry(loop));
  RUBRICON_ASSERT(chat);
  room.chat = *chat;
  recorder.name_chat(chat->id, room.name);
  room.members.push_back(room.owner);
  for (std::size_t person = 0; person < people.size(); ++person) {
    if (person == room.owner || choose.chance(0.2)) continue;
    const auto role = choose.chance(0.8) ? domain::MemberRole::editor : domain::MemberRole::viewer;
    const auto added = co_await chats->add_member(
        owner, chat->id, *domain::Email::parse(people[person].user.email), role, no_hurry(loop));
    RUBRICON_ASSERT(added);
    room.members.push_back(person);
  }
  rooms.push_back(std::move(room));
}

base::Task<void> World::add_device(ports::SessionStore* sessions_store, std::size_t person,
                                   int number) {
  const auto& who = people[person];
  const auto name = fmt::format("{}/{}", who.name, number);
  const auto hash = PlainRefreshTokens().hash("refresh:" + name);
  const auto session =
      co_await sessions_store->open(who.user.id, hash, loop.now() + 24h, no_hurry(loop));
  std::vector<domain::ChatId> chats;
  std::vector<std::string> chat_names;
  for (const auto& room : rooms) {
    if (std::ranges::find(room.members, person) == room.members.end()) continue;
    chats.push_back(room.chat.id);
    chat_names.push_back(room.name);
  }
  devices.emplace_back(DeviceParts{.name = name,
                                   .user_id = who.user.id.to_string(),
                                   .token = PlainTokens::text(who.user.id, session),
                                   .loop = loop,
                                   .network = network_,
                                   .recorder = recorder,
                                   .dice = dice(name),
                                   .link = {.name = name},
                                   .storage = {}},
                       std::move(chats), who.user.id);
  sessions.push_back(session);
  recorder.history.subscribers.push_back({.who = name,
                                          .user = who.name,
                                          .session = session.to_string(),
                                          .here = true,
                                          .chats = std::move(chat_names)});
}

}  // namespace rubricon::sim
