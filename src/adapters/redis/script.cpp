#include <rubricon/redis/script.hpp>

#include <rubricon/redis/digest.hpp>

#include <utility>

namespace rubricon::redis {

Script::Script(Connection& connection, std::string_view source)
    : connection_(connection), source_(source), hash_(sha1_hex(source)) {}

base::Task<Reply> Script::run(std::vector<std::string> keys, std::vector<std::string> words,
                              base::Deadline deadline) {
  auto reply =
      co_await connection_.call(command("EVALSHA", hash_, keys, words), deadline, "NOSCRIPT");
  // A Redis that was started anew knows no scripts.
  if (!reply.error()) co_return reply;
  co_return co_await connection_.call(command("EVAL", source_, keys, words), deadline);
}

Command Script::command(std::string_view verb, std::string_view script,
                        const std::vector<std::string>& keys,
                        const std::vector<std::string>& words) const {
  Command command{verb, script};
  command.add(keys.size());
  for (const auto& key : keys) command.add(key);
  for (const auto& word : words) command.add(word);
  return command;
}

}  // namespace rubricon::redis
