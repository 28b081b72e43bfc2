/// The part of World that fills the store before a run: people, chats, sign-ins.
#include <rubricon/sim/world.hpp>

#include <rubricon/base/assert.hpp>
#include <rubricon/sim/fatal.hpp>

#include <utility>

namespace rubricon::sim {
namespace {

using namespace std::chrono_literals;

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
  for (const auto& name : script.people) co_await add_person(&client.users(), name);
  for (const auto& chat : script.chats) co_await add_chat(&client.chats(), chat);
  for (const auto& device : script.devices) co_await add_device(&client.sessions(), device);
}

base::Task<void> World::add_person(ports::UserStore* users, std::string name) {
  auto user = co_await users->create({.email = *domain::Email::parse(name + "@school.test"),
                                      .name = *domain::DisplayName::parse(name),
                                      .locale = domain::Locale::en,
                                      .password_hash = "plain"},
                                     ports::Admission::anybody, no_hurry(loop));
  RUBRICON_ASSERT(user);
  recorder.name_user(user->id, name);
  people.push_back(*user);
}

base::Task<void> World::add_chat(ports::ChatStore* store, ChatPart part) {
  const auto owner = people[part.owner].id;
  auto chat = co_await store->create({.owner = owner,
                                      .title = *domain::ChatTitle::parse(part.name),
                                      .context = part.answered ? "{}" : R"({"ai":"off"})",
                                      .key = std::nullopt,
                                      .trace = {}},
                                     no_hurry(loop));
  RUBRICON_ASSERT(chat);
  chats.push_back(*chat);
  recorder.name_chat(chat->id, part.name);
  for (const auto& member : part.others) {
    const auto added = co_await store->add_member(
        owner, chat->id, *domain::Email::parse(people[member.person].email), member.role,
        no_hurry(loop));
    RUBRICON_ASSERT(added);
  }
}

base::Task<void> World::add_device(ports::SessionStore* store, DevicePart part) {
  const auto& user = people[part.person];
  const auto hash = PlainRefreshTokens().hash("refresh:" + part.name);
  const auto session = co_await store->open(user.id, hash, loop.now() + 24h, no_hurry(loop));
  std::vector<domain::ChatId> followed;
  std::vector<std::string> names;
  for (std::size_t chat = 0; chat < chats.size(); ++chat) {
    if (!script.chats[chat].in || !is_member(script.chats[chat], part.person)) continue;
    followed.push_back(chats[chat].id);
    names.push_back(script.chats[chat].name);
  }
  auto& device = devices.emplace_back(DeviceParts{.name = part.name,
                                                  .user_id = user.id.to_string(),
                                                  .token = PlainTokens::text(user.id, session),
                                                  .loop = loop,
                                                  .network = network_,
                                                  .recorder = recorder,
                                                  .dice = dice(part.name),
                                                  .link = {.name = part.name},
                                                  .storage = {}},
                                      std::move(followed), user.id);
  if (!part.in) device.stay_away();
  sessions.push_back(session);
  recorder.history.subscribers.push_back({.who = part.name,
                                          .user = script.people[part.person],
                                          .session = session.to_string(),
                                          .here = part.in,
                                          .chats = std::move(names)});
}

}  // namespace rubricon::sim
