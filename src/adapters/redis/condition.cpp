#include <rubricon/redis/condition.hpp>

#include <rubricon/base/fault.hpp>
#include <rubricon/base/timer.hpp>
#include <rubricon/redis/command.hpp>

#include <algorithm>
#include <utility>

namespace rubricon::redis {
namespace {

base::Task<Reply> answer_of(Session* session) {
  for (;;) {
    if (auto reply = session->next()) co_return std::move(*reply);
    co_await session->receive();
  }
}

}  // namespace

Condition Condition::parse(std::string_view info) {
  Condition seen;
  const std::pair<std::string_view, std::string*> fields[] = {
      {"redis_version:", &seen.version},
      {"role:", &seen.role},
      {"maxmemory:", &seen.maxmemory},
      {"maxmemory_policy:", &seen.eviction_policy}};
  while (!info.empty()) {
    const auto line = info.substr(0, info.find("\r\n"));
    info.remove_prefix(std::min(info.size(), line.size() + 2));
    for (const auto& [name, field] : fields) {
      if (line.starts_with(name)) *field = line.substr(name.size());
    }
  }
  return seen;
}

base::Task<std::optional<Condition>> look_at(boost::asio::any_io_executor executor,
                                             SessionOptions options, base::Deadline deadline) {
  const auto session = co_await Session::dial(executor, std::move(options), deadline);
  bool late = false;
  base::Timer watchdog(executor);
  watchdog.expires_at(deadline.instant());
  watchdog.async_wait([&late, session](boost::system::error_code cancelled) {
    if (cancelled) return;
    late = true;
    session->close();
  });
  session->write(Command{"INFO"}.bytes());
  std::optional<Reply> info;
  try {
    info = co_await answer_of(session.get());
  } catch (const std::exception&) {
    if (!late) throw;
  }
  session->close();
  if (!info) throw base::DeadlineExceeded("redis did not answer in time");
  if (const auto* text = info->text()) co_return Condition::parse(*text);
  co_return std::nullopt;
}

}  // namespace rubricon::redis
