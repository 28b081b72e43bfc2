#include <rubricon/redis/presence_sets.hpp>

#include <rubricon/redis/scripts.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::redis {
namespace {

constexpr std::size_t uuid_length = 36;

std::string key_of(domain::ChatId chat) {
  return "chat:" + chat.to_string() + ":presence";
}

}  // namespace

PresenceSets::PresenceSets(Connection& connection)
    : enter_(connection, scripts::presence_enter),
      leave_(connection, scripts::presence_leave),
      of_chat_(connection, scripts::presence_of_chat) {}

base::Task<bool> PresenceSets::enter(domain::ChatId chat, domain::UserId user,
                                     std::string connection, base::Deadline deadline) {
  const auto reply = co_await enter_.run(
      {key_of(chat)}, {user.to_string(), std::move(connection), std::to_string(ttl.count())},
      deadline);
  co_return reply.integer() && *reply.integer() == 1;
}

base::Task<bool> PresenceSets::leave(domain::ChatId chat, domain::UserId user,
                                     std::string connection, base::Deadline deadline) {
  const auto reply =
      co_await leave_.run({key_of(chat)}, {user.to_string(), std::move(connection)}, deadline);
  co_return reply.integer() && *reply.integer() == 1;
}

base::Task<std::vector<domain::UserId>> PresenceSets::of_chat(domain::ChatId chat,
                                                              base::Deadline deadline) {
  const auto reply = co_await of_chat_.run({key_of(chat)}, {}, deadline);
  std::vector<domain::UserId> users;
  if (!reply.list()) co_return users;
  for (const auto& member : *reply.list()) {
    if (!member.text()) continue;
    const auto user = domain::UserId::parse(member.text()->substr(0, uuid_length));
    if (user) users.push_back(*user);
  }
  std::ranges::sort(users);
  const auto repeated = std::ranges::unique(users);
  users.erase(repeated.begin(), repeated.end());
  co_return users;
}

}  // namespace rubricon::redis
